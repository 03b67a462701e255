"""Sheets and sets: any two open, one says nothing, and a slip of the finger is named."""

import secrets
from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from voting.custody.rules import (
    SECRETS,
    SET_LINES,
    SHEET_LINES,
    KeySheet,
    LinesMissing,
    LineWrong,
    NotASheet,
    NothingTyped,
    OldSheet,
    OtherKeySheet,
    OtherRoundSet,
    OtherRoundSheet,
    SameSheetTwice,
    SetDiffers,
    SetInsteadOfSheet,
    SheetInsteadOfSet,
    SheetsDisagree,
    check_set,
    check_sheet,
    groups,
    join,
    read_set,
    read_sheet,
    recovery_set,
    shares_of,
    sheets_of,
)
from voting.custody.rules.lines import from_lines, to_lines

KEY, PUBLIC, ROUND = bytes(range(32)), b"public half of the key, 32 bytes", "r" * 26
# Chi-square with 255 degrees of freedom lies above this once in ten thousand million.
MOST_UNEVEN = 430
SPLITS = 2000


def _sheets(private=KEY, *, set_no=1):
    return sheets_of(shares_of(private), round_id=ROUND, public=PUBLIC, set_no=set_no)


def _typed(paper):
    return "\n".join(paper.lines)


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)), ids=str)
@pytest.mark.parametrize("private", [bytes(32), b"\xff" * 32, KEY], ids=["zeros", "ones", "any"])
def test_each_pair_of_sheets_restores_the_key(pair, private):
    sheets = _sheets(private)
    first, second = (read_sheet(_typed(sheets[at])) for at in pair)
    assert join(first, second) == private == join(second, first)


@pytest.mark.parametrize("private", [bytes(32), b"\xff" * 32], ids=["zeros", "ones"])
@pytest.mark.parametrize("number", range(3))
def test_one_sheet_is_even_noise_whatever_the_key(private, number):
    held: Counter[int] = Counter()
    mixed: Counter[int] = Counter()
    for _ in range(SPLITS):
        first, second = _sheets(private)[number].shares
        held.update(first + second)
        mixed.update(a ^ b for a, b in zip(first, second, strict=True))
    for counts in (held, mixed):
        expected = sum(counts.values()) / 256
        uneven = sum((counts[byte] - expected) ** 2 / expected for byte in range(256))
        assert uneven < MOST_UNEVEN


def test_a_share_that_was_not_random_would_be_seen():
    counts: Counter[int] = Counter()
    for _ in range(SPLITS):
        sheet = sheets_of(
            shares_of(bytes(32), random=bytes), round_id=ROUND, public=PUBLIC, set_no=1
        )
        counts.update(b"".join(sheet[0].shares))
    expected = sum(counts.values()) / 256
    assert sum((counts[byte] - expected) ** 2 / expected for byte in range(256)) > MOST_UNEVEN


def test_for_every_key_one_sheet_fits_some_other_share():
    sheet = _sheets()[2]
    for private in (bytes(32), KEY, secrets.token_bytes(32)):
        third = bytes(a ^ b ^ c for a, b, c in zip(private, *sheet.shares, strict=True))
        other = KeySheet(sheet.round_tag, sheet.key_tag, 1, 1, (sheet.shares[1], third))
        assert join(other, sheet) == private


def test_one_sheet_twice_opens_nothing():
    with pytest.raises(SameSheetTwice):
        join(_sheets()[1], _sheets()[1])


def test_sheets_of_two_splits_do_not_fit():
    with pytest.raises(SheetsDisagree):
        join(_sheets()[0], _sheets()[1])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"round_id": "x" * 26}, OtherRoundSheet),
        ({"public": b"another key"}, OtherKeySheet),
        ({"set_no": 2}, OldSheet),
    ],
)
def test_a_sheet_of_something_else_is_refused_by_name(changes, refusal):
    asked: dict[str, Any] = {"round_id": ROUND, "public": PUBLIC, "set_no": 1}
    check_sheet(_sheets()[0], **asked)
    with pytest.raises(refusal):
        check_sheet(_sheets()[0], **asked | changes)


@pytest.mark.parametrize("line", range(1, SHEET_LINES + 1))
def test_the_line_with_a_slip_is_named(line):
    lines = list(_sheets()[0].lines)
    wrong = lines[line - 1]
    lines[line - 1] = wrong[:7] + ("A" if wrong[7] != "A" else "B") + wrong[8:]
    with pytest.raises(LineWrong) as refused:
        read_sheet("\n".join(lines))
    assert refused.value.values["line"] == line
    assert f"第 {line} 行有误" in str(refused.value)


def test_every_single_slip_on_a_sheet_is_found():
    text = _typed(_sheets()[0])
    for at, letter in enumerate(text):
        if letter != "\n":
            other = "A" if letter != "A" else "Q"
            with pytest.raises(LineWrong):
                read_sheet(text[:at] + other + text[at + 1 :])


def test_two_lines_that_changed_places_are_found():
    first, second, *rest = _sheets()[0].lines
    with pytest.raises(LineWrong) as refused:
        read_sheet("\n".join([second, first, *rest]))
    assert refused.value.values["line"] == 1


@pytest.mark.parametrize(
    "written",
    [
        "".join,
        lambda lines: "\r\n\r\n".join(line.lower() for line in lines),
        lambda lines: "\n".join(" ".join(groups(line)) for line in lines),
        lambda lines: "\n".join(
            f"{at}. {'-'.join(groups(line))}" for at, line in enumerate(lines, 1)
        ),
        lambda lines: "\n".join(f"第{at}行 {line}" for at, line in enumerate(lines, 1)),
        lambda lines: "\n".join(lines).translate({ord("O"): "0", ord("I"): "1", ord("B"): "8"}),
        lambda lines: "\n".join(chr(ord(c) + 0xFEE0) if c != "\n" else c for c in "\n".join(lines)),
    ],
    ids=["scanned", "small", "grouped", "numbered", "第几行", "look alike", "full width"],
)
def test_a_sheet_is_read_however_it_is_typed(written):
    sheet = _sheets()[0]
    text = written(sheet.lines)
    assert read_sheet(text if isinstance(text, str) else "".join(text)) == sheet


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NothingTyped),
        (" \n\n ", NothingTyped),
        ("你好", LineWrong),
        ("HTTPS://VOTE.EXAMPLE/C/ABCDEFGH", LineWrong),
        ("A" * 100_000, LineWrong),
        ("\x00\u202e<script>", LineWrong),
    ],
)
def test_what_is_no_sheet_gets_a_sentence(text, refusal):
    with pytest.raises(refusal):
        read_sheet(text)


def test_missing_and_superfluous_lines_are_counted():
    lines = _sheets()[0].lines
    with pytest.raises(LinesMissing, match=f"纸上有 {SHEET_LINES} 行，这里有 3 行"):
        read_sheet("\n".join(lines[:3]))
    with pytest.raises(LinesMissing):
        read_sheet("\n".join([*lines, lines[0]]))


def test_right_lines_that_say_something_else_are_no_sheet():
    with pytest.raises(NotASheet):
        read_sheet("\n".join(to_lines(b"\x07" + bytes(78))))


def test_lines_give_back_what_was_written():
    for length in (1, 12, 13, 25, 79, 202):
        content = secrets.token_bytes(length)
        lines = to_lines(content)
        whole = from_lines("\n".join(lines), printed=len(lines))
        assert whole[:length] == content
        assert not any(whole[length:])


def _set(round_id=ROUND, **changes):
    found = {name: bytes([at]) * 32 for at, name in enumerate(SECRETS)}
    return recovery_set(round_id, 2, found | changes)


def test_a_recovery_set_gives_back_every_secret():
    made = _set()
    assert len(made.lines) == SET_LINES
    assert read_set(_typed(made)) == made
    check_set(made, round_id=ROUND, kept=made.secrets)


def test_a_set_that_differs_says_in_what():
    kept = dict(_set().secrets) | {"seal": None, "ledger": bytes(32)}
    with pytest.raises(SetDiffers, match="开箱钥匙、公开账本签名密钥"):
        check_set(_set(), round_id=ROUND, kept=kept)


def test_sets_and_sheets_are_told_apart():
    with pytest.raises(SetInsteadOfSheet):
        read_sheet(_typed(_set()))
    with pytest.raises(SheetInsteadOfSet):
        read_set(_typed(_sheets()[0]))
    with pytest.raises(OtherRoundSet):
        check_set(_set("x" * 26), round_id=ROUND, kept=_set().secrets)


def test_no_secret_shows_in_a_message():
    assert "shares" not in repr(_sheets()[0])
    assert "secrets" not in repr(_set())
