"""R10: our tree beside another program's (pymerkle) and the published vectors, sizes 0 to 1,025."""

import pymerkle
import pytest

from voting.ledger.rules.tree import (
    Frontier,
    Tree,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_inclusion,
)

MOST = 1025
# Around powers of two a tree changes its shape; the others lie between.
SOME = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 255, 256, 257, 511, 513, 777, 1023, 1024, 1025)

# Certificate Transparency's vectors over these eight leaves: (index from 1, size, path) and (sizes, proof).
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")  # fmt: skip
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
NODE_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_0_3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
NODE_0_1 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
NODE_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
PATHS = [
    (1, 8, [LEAF_1, NODE_2_3, NODE_4_7]),
    (6, 8, [LEAF_4, NODE_6_7, NODE_0_3]),
    (3, 3, [NODE_0_1]),
    (2, 5, [LEAF_0, NODE_2_3, LEAF_4]),
]
PROOFS = [
    (1, 8, [LEAF_1, NODE_2_3, NODE_4_7]),
    (6, 8, [NODE_4_5, NODE_6_7, NODE_0_3]),
    (2, 5, [NODE_2_3, LEAF_4]),
]


@pytest.fixture(scope="module")
def data():
    return [index.to_bytes(4, "big") for index in range(MOST)]


@pytest.fixture(scope="module")
def tree(data):
    return Tree(map(leaf_hash, data))


@pytest.fixture(scope="module")
def oracle(data):
    other = pymerkle.InmemoryTree(algorithm="sha256")
    other.append_entries(data)
    return other


def test_the_roots_are_those_of_another_program_at_every_size(data, tree, oracle):
    frontier = Frontier()
    for size in range(MOST + 1):
        assert frontier.root() == tree.root(size) == oracle.get_root(size)
        if size < MOST:
            frontier.append(leaf_hash(data[size]))


def included(data, tree, oracle, index, size):
    """One place in one tree: the same path, and each program believes the other's."""
    theirs = oracle.prove_inclusion(index + 1, size)
    ours, leaf, root = tree.inclusion(index, size), leaf_hash(data[index]), tree.root(size)
    assert [leaf, *ours] == theirs.path
    assert root_by_inclusion(leaf, index, size, theirs.path[1:]) == root
    pymerkle.verify_inclusion(leaf, root, theirs, index=index + 1, size=size)


def consistent(tree, oracle, first, second):
    """One pair of sizes: our proof holds for their roots, and theirs for ours."""
    theirs = oracle.prove_consistency(first, second)
    old, new = tree.root(first), tree.root(second)
    pymerkle.verify_consistency(old, new, theirs, prior_size=first, later_size=second)
    ours = tree.consistency(first, second)
    assert is_consistent(first, second, oracle.get_root(first), oracle.get_root(second), ours)


@pytest.mark.parametrize("size", SOME)
def test_inclusion_proofs_are_those_of_another_program(data, tree, oracle, size):
    for index in sorted({*range(0, size, max(1, size // 25)), size - 1}):
        included(data, tree, oracle, index, size)


@pytest.mark.parametrize("second", SOME)
def test_consistency_proofs_hold_in_both_programs(tree, oracle, second):
    for first in sorted({*range(1, second + 1, max(1, second // 25)), second}):
        consistent(tree, oracle, first, second)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(0, MOST, 205))
def test_every_proof_of_every_size_agrees_with_another_program(data, tree, oracle, block):
    """All 525,825 inclusion and as many consistency proofs of sizes 1 to 1,025."""
    for size in range(block + 1, block + 206):
        for at in range(size):
            included(data, tree, oracle, at, size)
            consistent(tree, oracle, at + 1, size)


@pytest.mark.parametrize(("place", "size", "path"), PATHS)
def test_inclusion_proofs_are_those_of_the_published_vectors(place, size, path):
    tree = Tree(leaf_hash(bytes.fromhex(text)) for text in INPUTS)
    assert [step.hex() for step in tree.inclusion(place - 1, size)] == path


@pytest.mark.parametrize(("first", "second", "proof"), PROOFS)
def test_consistency_proofs_are_those_of_the_published_vectors(first, second, proof):
    tree = Tree(leaf_hash(bytes.fromhex(text)) for text in INPUTS)
    assert [step.hex() for step in tree.consistency(first, second)] == proof


def test_the_examples_of_the_standard_have_its_form():
    """RFC 9162 §2.1.5, with its letters: seven leaves a … j, inner nodes g … l."""
    a, b, c, d, e, f, j = (leaf_hash(bytes([index])) for index in range(7))
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, last = node_hash(g, h), node_hash(i, j)
    tree = Tree([a, b, c, d, e, f, j])
    assert tree.root() == node_hash(k, last)
    assert tree.inclusion(0) == [b, h, last]
    assert tree.inclusion(3) == [c, g, last]
    assert tree.inclusion(4) == [f, j, k]
    assert tree.inclusion(6) == [i, k]
    assert tree.consistency(3) == [c, d, g, last]
    assert tree.consistency(4) == [last]
    assert tree.consistency(6) == [i, j, k]


def test_a_proof_of_another_tree_is_seen_by_the_other_program(data, tree, oracle):
    proof = oracle.prove_inclusion(3, 100)
    with pytest.raises(pymerkle.InvalidProof):
        pymerkle.verify_inclusion(leaf_hash(b"else"), tree.root(100), proof)
