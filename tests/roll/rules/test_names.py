import pytest

from voting.roll.rules.names import (
    NameMasked,
    NameMissing,
    NameTooLong,
    NameTooShort,
    WrongName,
    WrongPhone,
    comparable,
    mask_name,
    read_name,
    read_phone,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王一", "王一"),
        (" 王　一 ", "王一"),
        ("王 一\t", "王一"),
        ("欧阳一二", "欧阳一二"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("𠮷田一", "𠮷田一"),
        ("Mary  Ann O'Neil-Smith", "Mary Ann O'Neil-Smith"),
        ("ＭＡＲＹ ＡＮＮ", "MARY ANN"),
        ("王\ue001", "王\ue001"),
    ],
)
def test_a_name_has_one_form_however_it_is_typed(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", NameMissing),
        ("　 ", NameMissing),
        ("·", NameTooShort),
        ("王", NameTooShort),
        ("王*", NameMasked),
        ("王＊一", NameMasked),
        ("王×", NameMasked),
        ("王XX", NameMasked),
        ("王某某", NameMasked),
        ("王一2", WrongName),
        ("王一（户主）", WrongName),
        ("<b>王一</b>", WrongName),
        ("=王一", WrongName),
        ("王一\u200b", WrongName),
        ("王" * 51, NameTooLong),
        ("王" * 100_000, NameTooLong),
    ],
)
def test_what_is_no_name_is_refused_with_its_own_sentence(
    typed: str, refusal: type[WrongName]
) -> None:
    with pytest.raises(WrongName) as refused:
        read_name(typed)
    assert type(refused.value) is refusal


def test_capitals_make_no_other_person() -> None:
    assert comparable(read_name("MARY ANN")) == comparable(read_name("Mary Ann"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王一", "王*"), ("王一二", "王*"), ("欧阳一", "欧阳*"), ("欧阳", "欧*"), ("MARY ANN", "M*")],
)
def test_only_the_surname_is_shown(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("  ", None),
        ("13800000000", "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("１７０００００００００", "17000000000"),
        ("0791-86543210", "079186543210"),
        ("（010）8654321", "0108654321"),
    ],
)
def test_mobile_numbers_and_landlines_are_taken(typed: str, number: str | None) -> None:
    assert read_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["12800000000", "1380000000", "138000000000", "86543210", "没有", "1" * 100_000, "１２"],
)
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongPhone):
        read_phone(typed)
