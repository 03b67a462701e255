"""The street declares a result once, with the paper that says so."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from voting.calendar.service import working_day_after
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.models import Notice
from voting.notices.rules import read_facts, write_facts
from voting.notices.service import Overtaken, issue
from voting.results.models import Result
from voting.results.rules import (
    Publicity,
    ResultFacts,
)
from voting.results.service.finding import facts_of, find_result
from voting.roll.service.turnout import store_turnout
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round

RESULT = "result"


class NotInReview(Refusal):
    """Only a counted result that was sent for review can be declared."""

    msgid = "现在不能审定结果：要先计票，并把计票结果送街道审定。"


class AlreadyDeclared(Refusal):
    """The result stands as declared."""

    msgid = "结果已经审定，不能再改，也不能再审定一次。"


class ResultChanged(Overtaken):
    """Figures or dates are not those of the printed paper any more."""

    msgid = "数字或日期刚刚变了，公示要重新生成。请再办一次。"


@dataclass(frozen=True)
class Printed:
    """A paper that has been printed and waits to be issued: its number, its facts, the digest of its PDF.

    ``result_digest`` and ``publicity`` are what it says: they must still hold when it is issued.
    """

    number: str
    title: str
    facts: str
    pdf_digest: str | None
    result_digest: bytes
    publicity: Publicity


def digest_of(facts: ResultFacts) -> bytes:
    """Return SHA-256 of the canonical JSON of the figures."""
    return hashlib.sha256(write_facts(facts).encode()).digest()


def publicity_of(session: Session, facts: ResultFacts, *, posted: date) -> Publicity:
    """Return the days of publicity of a notice posted on a day (practice.md §1.5).

    The period begins on the day after posting, unless the round says that the day of posting counts.
    """
    counts_first = facts.posting_day_counts
    days = working_day_after(session, posted, facts.publicity_days, counts_first=counts_first)
    first = posted if counts_first else posted + timedelta(days=1)
    return Publicity(first, days.last_day, days.doubtful_years)


def prepare(session: Session, *, now: datetime, round_id: str) -> Result:
    """Store the figures of a counted round as they will be declared; again until they are declared.

    Raises NotFound, NotCountedYet, TallyDiffers or AlreadyDeclared.
    """
    hold_round(session, round_id)
    facts = facts_of(session, round_id)
    stored = find_result(session, round_id)
    if stored is not None and stored.declared_at is not None:
        raise AlreadyDeclared
    if stored is None:
        stored = Result(round_id=round_id)
        session.add(stored)
    stored.facts, stored.digest, stored.prepared_at = write_facts(facts), digest_of(facts), now
    session.flush()
    return stored


def declare(
    session: Session, *, now: datetime, actor: Actor, round_id: str, printed: Printed
) -> Notice:
    """Fix the result and issue its notice; the PDF is stored already.

    Raises NotFound for a round outside the actor's area, NotInReview, AlreadyDeclared, TallyDiffers,
    ResultChanged or NumberTaken (print again, both are Overtaken).
    """
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    stored = find_result(session, round_id)
    if stored is not None and stored.declared_at is not None:
        raise AlreadyDeclared
    if round.phase != Phase.RESULT_REVIEW:
        raise NotInReview
    result = prepare(session, now=now, round_id=round_id)
    facts = read_facts(ResultFacts, result.facts)
    publicity = publicity_of(session, facts, posted=local_day(now))
    if result.digest != printed.result_digest or publicity != printed.publicity:
        raise ResultChanged
    result.publicity_from, result.publicity_to = publicity.first, publicity.last
    result.declared_at, result.declared_by = now, actor.id
    session.flush()  # from here on a trigger refuses every change
    store_turnout(session, round_id)
    record(
        session, actor, "result.declare", now=now, kind="round", id=round_id,
        area_path=round.area.path, digest=result.digest.hex(),
    )  # fmt: skip
    return issue(
        session, now=now, actor=actor, kind=RESULT, title=printed.title,
        area_id=round.area_id, round_id=round_id, facts=printed.facts, pdf_digest=printed.pdf_digest,
        publicity_from=publicity.first, publicity_to=publicity.last, number=printed.number,
        rehearsal=facts.is_rehearsal,
    )  # fmt: skip
