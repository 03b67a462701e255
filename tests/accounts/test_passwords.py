import threading
import time

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from voting.accounts.service import passwords
from voting.accounts.service.passwords import (
    TooManySignIns,
    fits,
    hash_password,
    hashing_slot,
    is_outdated,
)


def test_a_hash_is_argon2id_and_salted() -> None:
    first, second = hash_password("南烟小区的老樟树"), hash_password("南烟小区的老樟树")
    assert first.startswith("$argon2id$")
    assert first != second


def test_only_the_right_password_fits() -> None:
    hashed = hash_password("南烟小区的老樟树")
    assert fits(hashed, "南烟小区的老樟树")
    assert not fits(hashed, "南烟小区的老樟")
    assert not fits("unusable", "南烟小区的老樟树")


def test_nothing_fits_where_there_is_no_hash() -> None:
    assert not fits(None, "nobody")


def test_a_password_of_another_keyboard_fits() -> None:
    assert fits(hash_password("caf\u00e9 \uff12\uff10"), "cafe\u0301 20")


def test_without_a_hash_the_answer_takes_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    fits(None, "warm up")
    hashed, worked_out = hash_password("y" * 10), []

    class Watched:
        def verify(self, against: str, password: str) -> bool:
            worked_out.append((against.split("$")[:4], password))
            raise VerificationError

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    assert not fits(None, "x" * 10)
    assert not fits(hashed, "x" * 10)
    assert worked_out[0] == worked_out[1]


def test_a_hash_of_other_costs_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not is_outdated(hash_password("x"))


def test_no_more_than_two_hashes_are_worked_out_at_once() -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with hashing_slot():
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with guard:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 2


def test_who_would_wait_too_long_is_told_so() -> None:
    with hashing_slot(), hashing_slot(), pytest.raises(TooManySignIns), hashing_slot(0.01):
        pass
    with hashing_slot(0.01):
        pass
