import pytest

from voting.accounts.rules import (
    ROLE_NAMES,
    PasswordLikeName,
    PasswordTooCommon,
    PasswordTooShort,
    UnusableSignInName,
    check_password,
    checked_sign_in_name,
    is_set_up_code,
    new_password,
    set_up_code,
)
from voting.permissions import Role


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("wangfang", "wangfang"),
        (" WangFang ", "wangfang"),
        ("ｗａｎｇ", "wang"),
        ("王芳", "王芳"),
        ("wang.fang-2@xh", "wang.fang-2@xh"),
        ("a" * 32, "a" * 32),
    ],
)
def test_a_sign_in_name_is_kept_in_small_letters(raw: str, name: str) -> None:
    assert checked_sign_in_name(raw) == name


@pytest.mark.parametrize(
    "raw",
    ["", "a", "a" * 33, "wang fang", "-wang", ".wang", "wang\x00", "wang/fang", "wang<b>", "�a"],
)
def test_a_sign_in_name_nobody_could_type_is_refused(raw: str) -> None:
    with pytest.raises(UnusableSignInName):
        checked_sign_in_name(raw)


@pytest.mark.parametrize(
    "password",
    ["correct horse", "南烟小区的老樟树下", "x" * 64 + "yz", "q7!kd02m", "ab" * 3 + "cd"],
)
def test_a_password_that_takes_guessing_is_good(password: str) -> None:
    check_password(password, "wangfang")


@pytest.mark.parametrize("password", ["", "1234567", "短密码", "x1" * 64 + "y"])
def test_the_length_of_a_password_has_bounds(password: str) -> None:
    with pytest.raises(PasswordTooShort):
        check_password(password, "wangfang")


@pytest.mark.parametrize(
    "password",
    ["12345678", "88888888", "PASSWORD", "a12345678", "1qaz2wsx", "Woaini1314", "12121212"],
)
def test_a_password_anybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password, "wangfang")


@pytest.mark.parametrize("password", ["wangfang", "WangFang", "wangfang2026", "123wangfang!"])
def test_a_password_is_not_the_sign_in_name(password: str) -> None:
    with pytest.raises(PasswordLikeName):
        check_password(password, "wangfang")


def test_a_new_password_is_good_and_never_the_same() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        check_password(password, "wangfang")
        assert not set(password) & set("01OILU")


def test_the_set_up_code_belongs_to_its_key() -> None:
    code = set_up_code(b"k" * 32)
    assert code == set_up_code(b"k" * 32) != set_up_code(b"x" * 32)
    assert len(code) == 14


def test_the_set_up_code_may_be_typed_carelessly() -> None:
    code = set_up_code(b"k" * 32)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
        assert is_set_up_code(b"k" * 32, typed)


@pytest.mark.parametrize("typed", ["", "-", "AAAA-AAAA-AAAA", "码", "\x00", "A" * 1000])
def test_another_set_up_code_is_refused(typed: str) -> None:
    assert not is_set_up_code(b"k" * 32, typed)


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(Role)
