from datetime import date

import pytest

from tests.factories.roll import identity_number
from voting.roll.rules.identity import (
    FutureBirthDate,
    IdKind,
    ImpossibleBirthDate,
    LettersForDigits,
    NumberDamaged,
    NumberMasked,
    NumberMissing,
    OldNumber,
    UnknownProvince,
    WrongCheckDigit,
    WrongLength,
    WrongNumber,
    mask_number,
    read_identity,
)

TODAY = date(2026, 11, 23)
GOOD = "360103201011220015"


def closed(area: str, digits: str) -> str:
    """A number with these birth digits, possible or not; its check digit by the table of GB 11643."""
    body = f"{area}{digits}001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(char) * weight for char, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def test_the_standards_table_of_weights_and_iso_7064_agree() -> None:
    for day in range(1, 29):
        assert closed("369999", f"198002{day:02d}") == identity_number(date(1980, 2, day))


@pytest.mark.parametrize(
    ("number", "kind", "born"),
    [
        pytest.param(GOOD, IdKind.RESIDENT, date(2010, 11, 22), id="resident"),
        pytest.param("11010519491231002X", IdKind.RESIDENT, date(1949, 12, 31), id="X"),
        pytest.param("810000199408230021", IdKind.HMT, date(1994, 8, 23), id="Hong Kong"),
        pytest.param(identity_number(area="820000"), IdKind.HMT, date(1980, 5, 17), id="Macao"),
        pytest.param("830000199201300022", IdKind.HMT, date(1992, 1, 30), id="Taiwan"),
        pytest.param(
            identity_number(area="911840"), IdKind.FOREIGN, date(1980, 5, 17), id="foreign 2023"
        ),
        pytest.param("KAZ110090123105", IdKind.FOREIGN, date(1990, 12, 31), id="foreign 2017"),
        pytest.param("USA360105112211", IdKind.FOREIGN, date(2005, 11, 22), id="2017, born 2005"),
        pytest.param("FRA360127112211", IdKind.FOREIGN, date(1927, 11, 22), id="2017, born 1927"),
        pytest.param("FRA360000022911", IdKind.FOREIGN, date(2000, 2, 29), id="2017, leap day"),
    ],
)
def test_the_numbers_of_residents_of_hong_kong_macao_taiwan_and_of_foreigners_are_read(
    number: str, kind: IdKind, born: date
) -> None:
    identity = read_identity(number, today=TODAY)
    assert (identity.kind, identity.number, identity.born) == (kind, number, born)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "11010519491231002Ｘ",
        "11010519491231002ｘ",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105　19491231　002X",
        "'11010519491231002X",
        "110105\u00a019491231\u2013002X\t",
    ],
)
def test_however_it_is_typed_the_number_is_the_same(typed: str) -> None:
    assert read_identity(typed, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        pytest.param("", NumberMissing, id="empty"),
        pytest.param(" 　-", NumberMissing, id="only separators"),
        pytest.param("360103850101001", OldNumber, id="15 digits"),
        pytest.param("36010320101122001", WrongLength, id="17 digits"),
        pytest.param("3601032010112200155", WrongLength, id="19 digits"),
        pytest.param("X", WrongNumber, id="X alone"),
        pytest.param("360103201011220014", WrongCheckDigit, id="check digit"),
        pytest.param("360103201012120015", WrongCheckDigit, id="digits swapped"),
        pytest.param(closed("160103", "20101122"), UnknownProvince, id="province 16"),
        pytest.param(closed("840000", "20101122"), UnknownProvince, id="province 84"),
        pytest.param(closed("360103", "20101322"), ImpossibleBirthDate, id="month 13"),
        pytest.param(closed("360103", "20100230"), ImpossibleBirthDate, id="30 February"),
        pytest.param(closed("360103", "20110229"), ImpossibleBirthDate, id="no leap year"),
        pytest.param(closed("360103", "18991231"), ImpossibleBirthDate, id="before 1900"),
        pytest.param(closed("360103", "00000000"), ImpossibleBirthDate, id="year 0"),
        pytest.param(closed("360103", "20261124"), FutureBirthDate, id="born tomorrow"),
        pytest.param(closed("810000", "20301124"), FutureBirthDate, id="81, future"),
        pytest.param("KAZ110090133105", ImpossibleBirthDate, id="foreign 2017, day 33"),
        pytest.param("3601**********0015", NumberMasked, id="masked"),
        pytest.param("3601＊＊＊＊＊＊＊＊＊＊0015", NumberMasked, id="masked, full-width"),
        pytest.param("3.60103E+17", NumberDamaged, id="exponent"),
        pytest.param("3.60103201011220E+17", NumberDamaged, id="long exponent"),
        pytest.param("3.60103e17", NumberDamaged, id="small e"),
        pytest.param("360103201011223000", NumberDamaged, id="last digits 000"),
        pytest.param("36O103201011220015", LettersForDigits, id="O for 0"),
        pytest.param("3601032010l1220015", LettersForDigits, id="l for 1"),
        pytest.param("36OI0385010100l", LettersForDigits, id="letters in an old number"),
        pytest.param("E12345678", WrongNumber, id="passport"),
        pytest.param("H12345678", WrongNumber, id="travel permit"),
        pytest.param("没有", WrongNumber, id="words"),
        pytest.param("36010320101122001A", WrongNumber, id="a letter"),
        pytest.param("٣٦٠١٠٣٢٠١٠١١٢٢٠٠١٥", WrongNumber, id="Arabic digits"),
        pytest.param("36010X201011220015", WrongNumber, id="X in the middle"),
    ],
)
def test_each_fault_of_a_number_has_its_own_refusal(typed: str, refusal: type[WrongNumber]) -> None:
    with pytest.raises(WrongNumber) as refused:
        read_identity(typed, today=TODAY)
    assert type(refused.value) is refusal


def test_no_refusal_repeats_the_number() -> None:
    for typed in ("360103201011220014", "36010320101122001", "3.60103E+17", "E12345678"):
        with pytest.raises(WrongNumber) as refused:
            read_identity(typed, today=TODAY)
        assert typed not in str(refused.value)
        assert typed[:6] not in str(refused.value)


def test_a_true_number_may_end_in_noughts() -> None:
    number = next(
        number
        for day in range(1, 29)
        if (number := identity_number(date(1980, 1, day), order=300)).endswith("000")
    )
    identity = read_identity(number, today=TODAY)
    assert identity.ends_like_damage
    assert not read_identity(GOOD, today=TODAY).ends_like_damage


@pytest.mark.parametrize("position", range(18))
def test_every_single_wrong_digit_is_noticed(position: int) -> None:
    for digit in "0123456789":
        changed = GOOD[:position] + digit + GOOD[position + 1 :]
        if changed != GOOD:
            with pytest.raises(WrongNumber):
                read_identity(changed, today=TODAY)


def test_a_number_is_masked_and_never_shown_by_accident() -> None:
    identity = read_identity(GOOD, today=TODAY)
    assert identity.masked == "3601**********0015"
    assert mask_number("KAZ110090123105") == "KAZ1*******3105"
    assert "2010" not in repr(identity)
    assert GOOD not in f"{identity}"


def test_hostile_text_is_refused() -> None:
    for text in ("3" * 100_000, " " * 100_000, "*" * 100_000, "E+" * 50_000, "\0" * 100_000):
        with pytest.raises(WrongNumber):
            read_identity(text, today=TODAY)
