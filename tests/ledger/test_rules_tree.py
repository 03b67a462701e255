import hashlib

import pytest

from voting.ledger.rules.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_inclusion,
    root_of,
    split,
)

# RFC 6962 and RFC 9162 share the tree; these inputs and roots are those of Certificate Transparency's tests.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _leaves(count: int) -> list[bytes]:
    return [leaf_hash(index.to_bytes(4, "big")) for index in range(count)]


def _slow_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    left = split(len(leaves))
    return node_hash(_slow_root(leaves[:left]), _slow_root(leaves[left:]))


@pytest.mark.parametrize("count", range(1, 9))
def test_the_roots_are_those_of_the_standard(count):
    leaves = [leaf_hash(data) for data in INPUTS[:count]]
    assert root_of(leaves).hex() == ROOTS[count - 1]
    assert Tree(leaves).root().hex() == ROOTS[count - 1]


def test_the_root_of_nothing_is_defined():
    assert EMPTY_ROOT == hashlib.sha256().digest() == Tree([]).root() == Frontier().root()


def test_frontier_and_tree_agree_with_the_definition_at_every_size():
    leaves = _leaves(130)
    tree, frontier = Tree(leaves), Frontier()
    for size in range(1, 131):
        frontier.append(leaves[size - 1])
        assert frontier.root() == tree.root(size) == _slow_root(leaves[:size])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33, 64, 100])
def test_every_inclusion_proof_leads_to_the_root_and_a_changed_one_does_not(size):
    leaves = _leaves(100)
    tree = Tree(leaves)
    for index in range(size):
        path = tree.inclusion(index, size)
        assert root_by_inclusion(leaves[index], index, size, path) == tree.root(size)
        assert (
            root_by_inclusion(leaves[index - 1], index, size, path) != tree.root(size) or size == 1
        )
        assert root_by_inclusion(leaves[index], index, size, [*path, bytes(32)]) is None
        if path:
            assert root_by_inclusion(leaves[index], index, size, path[:-1]) != tree.root(size)


def test_every_consistency_proof_holds_and_none_holds_for_another_past():
    leaves = _leaves(40)
    tree, other = Tree(leaves), Tree([bytes(32), *leaves[1:]])
    for second in range(1, 41):
        for first in range(1, second + 1):
            path = tree.consistency(first, second)
            roots = tree.root(first), tree.root(second)
            assert is_consistent(first, second, *roots, path)
            assert not is_consistent(first, second, other.root(first), roots[1], path)
            assert not is_consistent(first, second, roots[0], other.root(second), path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 3), (3, 200)])
def test_there_is_no_proof_of_what_is_not_there(index, size):
    with pytest.raises(ValueError, match="no such leaf"):
        Tree(_leaves(100)).inclusion(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (3, 200)])
def test_there_is_no_proof_between_sizes_that_are_not_there(first, second):
    with pytest.raises(ValueError, match="no such sizes"):
        Tree(_leaves(100)).consistency(first, second)
