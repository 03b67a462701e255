import pytest

from voting.areas.rules import (
    UnusableAddress,
    UnusableHelpNumber,
    UnusableName,
    checked_address,
    checked_help_number,
    checked_name,
    displayable,
    is_own_machine,
    is_top,
)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("西湖区", "西湖区"),
        ("  站南巷社区 ", "站南巷社区"),
        ("Lane  9", "Lane 9"),
        ("𠮷祥苑", "𠮷祥苑"),
        ("e\u0301", "é"),
        ("区" * 40, "区" * 40),
    ],
)
def test_a_name_is_kept_as_it_is_read(raw: str, name: str) -> None:
    assert checked_name(raw) == name


@pytest.mark.parametrize(
    "raw",
    ["", "   ", "\u3000", "区" * 41, "a\x00b", "a\nb", "a\tb", "\u202e区", "\u200b", "\U000f0000"],
    ids=ascii,
)  # fmt: skip
def test_a_name_nobody_could_read_is_refused(raw: str) -> None:
    with pytest.raises(UnusableName):
        checked_name(raw)


def test_a_marked_name_is_refused() -> None:
    with pytest.raises(UnusableName):
        checked_name("西湖�区")


def test_what_no_page_may_hold_is_marked() -> None:
    assert displayable("a\x00b\ud800区") == "a�b�区"
    assert displayable(None) is None


@pytest.mark.parametrize("raw", ["0791-86543210", "12345", "+86 791 86543210", "(0791) 8654 3210"])
def test_a_number_that_can_be_dialled_is_kept(raw: str) -> None:
    assert checked_help_number(f" {raw} ") == raw


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_no_help_number_is_none(raw: str | None) -> None:
    assert checked_help_number(raw) is None


@pytest.mark.parametrize(
    "raw", ["1234", "打12345", "12345" * 5, "12345\x00", "12-34-", "１２３４５"]
)
def test_a_number_nobody_could_dial_is_refused(raw: str) -> None:
    with pytest.raises(UnusableHelpNumber):
        checked_help_number(raw)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("https://vote.example.cn", "https://vote.example.cn"),
        (" HTTPS://Vote.Example.CN/ ", "https://vote.example.cn"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[fe80::1]:8000", "http://[fe80::1]:8000"),
        ("https://xn--fiq228c.cn", "https://xn--fiq228c.cn"),
    ],
)
def test_the_root_of_a_site_is_a_public_address(raw: str, address: str) -> None:
    assert checked_address(raw) == address


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "vote.example.cn",
        "ftp://vote.example.cn",
        "javascript:alert(1)",
        "https://vote.example.cn/path",
        "https://vote.example.cn?x=1",
        "https://vote.example.cn#x",
        "https://name@vote.example.cn",
        "https://name:word@vote.example.cn",
        "https://",
        "https://:443",
        "https://vote example.cn",
        "https://-vote.cn",
        "https://vote..cn",
        "https://999.1.1.1",
        "https://vote.example.cn:99999",
        "https://vote.example.cn:x",
        "https://[::1",
        "https://投票.cn",
        "https://a\x00b.cn",
        "https://" + "a" * 200 + ".cn",
    ],
)
def test_anything_else_is_no_public_address(raw: str) -> None:
    with pytest.raises(UnusableAddress):
        checked_address(raw)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]", True),
        ("http://192.168.1.5", False),
        ("https://vote.example.cn", False),
    ],
)
def test_the_own_machine_is_known_by_its_address(address: str, own: bool) -> None:
    assert is_own_machine(address) is own


@pytest.mark.parametrize(("path", "top"), [("", True), ("a/", True), ("a/b/", False)])
def test_the_top_has_a_path_of_one_part(path: str, top: bool) -> None:
    assert is_top(path) is top
