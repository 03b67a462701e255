"""Claims as services make them, in transactions of their own."""

from datetime import timedelta

from sqlalchemy import func, select

from tests.factories.ballots import NOW
from tests.factories.posters import (
    NAME,
    NUMBER,
    PERSON,
    code_now,
)
from tests.factories.roll import identity_number
from voting.ballots.service import cast_by_claim, load_paper
from voting.posters.models import IdentityTry
from voting.posters.rules import Person
from voting.posters.service import (
    answer_message,
    claim_by_message,
    claim_by_screen,
    claim_hash,
    take_message,
    waiting_messages,
)

SECRET = b"s" * 32
OTHER = Person(NAME, identity_number(order=7))
WRONG_NAME = Person("李四", NUMBER)
LATER = NOW + timedelta(minutes=21)


def by_screen(database, keys, made, person=PERSON, code=None, *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        claim_by_screen(
            session, now=now, keys=keys, round_id=made.round_id, person=person,
            code=code or code_now(keys, made, now), secret=secret,
        )  # fmt: skip


def wrong_code(keys, made):
    return f"{(int(code_now(keys, made)) + 1) % 10**6:06}"


def tries(database):
    with database.reading() as session:
        return [row.fails for row in session.scalars(select(IdentityTry))]


def cast(database, made, *, secret=SECRET, nonce=b"n" * 16, choices=(1,), now=NOW):
    with database.transaction() as session:
        return cast_by_claim(
            session, now=now, paper=load_paper(session, made.round_id),
            claim_hash=claim_hash(secret), nonce=nonce, choices=choices,
        )  # fmt: skip


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def by_message(database, keys, made, person=PERSON, *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        claim_by_message(
            session, now=now, keys=keys, round_id=made.round_id, person=person, code="123456",
            secret=secret,
        )  # fmt: skip


def answer(database, keys, made, code="123456", *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        answer_message(
            session, now=now, keys=keys, round_id=made.round_id, secret=secret, code=code
        )


def outgoing(database, keys):
    """Take everything that waits, as the sending process would."""
    with database.reading() as session:
        waiting = waiting_messages(session, now=NOW)
    taken = []
    for id in waiting:
        with database.transaction() as session:
            taken.append(take_message(session, keys, id))
    return [message for message in taken if message]
