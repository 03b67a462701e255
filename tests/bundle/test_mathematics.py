"""The verifier's own mathematics against the vectors of the documents it follows."""

import hashlib

import pytest

from verify_bundle import (
    NEUTRAL,
    L,
    P,
    PublicKey,
    Tree,
    add,
    compress,
    decompress,
    is_of_small_order,
    leaf_hash,
)

# RFC 8032 §7.1: public key, message, signature
VECTORS = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
         "d25bf5f0595bbe24655141438e7a100b"),
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
         "387b2eaeb4302aeeb00d291612bb0c00"),
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
         "4a7c15e9716ed28dc027beceea1ec40a"),
    ),
    "test sha(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        ("dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
         "3dca179c138ac17ad9bef1177331a704"),
    ),
}  # fmt: skip


def _vector(name: str) -> tuple[bytes, bytes, bytes]:
    key, message, signature = VECTORS[name]
    return bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)


@pytest.mark.parametrize("pure", [True, False], ids=["own", "library"])
@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_rfc_8032_hold(name, pure):
    key, message, signature = _vector(name)
    assert PublicKey(key, pure=pure).holds(signature, message)
    assert not PublicKey(key, pure=pure).holds(signature, message + b"x")


@pytest.mark.parametrize("pure", [True, False], ids=["own", "library"])
def test_a_signature_has_one_form(pure):
    raw, message, signature = _vector("test 2")
    key = PublicKey(raw, pure=pure)
    s = int.from_bytes(signature[32:], "little") + L
    assert not key.holds(signature[:32] + s.to_bytes(32, "little"), message)
    assert not key.holds(signature[:63], message)
    for at in range(0, 512, 7):
        odd = bytearray(signature)
        odd[at // 8] ^= 1 << at % 8
        assert not key.holds(bytes(odd), message)


SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


@pytest.mark.parametrize("raw", SMALL)
def test_a_key_of_small_order_is_no_key(raw):
    point = decompress(bytes.fromhex(raw))
    assert point is not None
    assert is_of_small_order(point)
    with pytest.raises(ValueError, match="no key"):
        PublicKey(bytes.fromhex(raw))


@pytest.mark.parametrize(
    "raw",
    [
        (P + 1).to_bytes(32, "little"),
        (P + 3).to_bytes(32, "little"),
        ((1 << 255) + 1).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        bytes(31),
    ],
    ids=["y of p + 1", "y of p + 3", "sign of zero", "on no curve", "short"],
)
def test_a_point_has_one_encoding(raw):
    assert decompress(raw) is None


def test_points_come_back_as_they_were_written():
    raw = _vector("test 3")[0]
    point = decompress(raw)
    assert point is not None
    assert compress(add(point, NEUTRAL)) == raw


# The tree of RFC 6962 and RFC 9162: the eight inputs and roots that Certificate Transparency tests with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_roots_of_certificate_transparency_come_out():
    tree, found = Tree(), []
    for leaf in [None, *LEAVES]:
        if leaf is not None:
            tree.append(leaf_hash(bytes.fromhex(leaf)))
        found.append(tree.root().hex())
    assert found == ROOTS
