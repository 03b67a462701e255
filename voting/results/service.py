"""The result: its figures from every stage, declared once by the street, with the paper that says so."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.calendar.service import working_day_after
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.models import Notice
from voting.notices.rules import read_facts, whereabouts, write_facts
from voting.notices.service import Overtaken, issue, issuer_of
from voting.paper.service.reconciling import signed_sheet
from voting.proposals.models import Candidate, Proposal
from voting.results.models import Result
from voting.results.rules import (
    PaperFigures,
    ProjectLine,
    Publicity,
    ResultFacts,
    TieLine,
)
from voting.roll.service import roll_counts
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, hold_round
from voting.tally.rules.allocation import Standing
from voting.tally.rules.judging import shown_channels
from voting.tally.rules.lots import DrawnLot
from voting.tally.service import Counted, checked_count, get_tally
from voting.tally.service.drawn import find_drawn

RESULT = "result"


class NotInReview(Refusal):
    """Only a counted result that was sent for review can be declared."""

    msgid = "现在不能审定结果：要先计票，并把计票结果送街道审定。"


class LotWaits(Refusal):
    """Who is funded follows from a lot that has not been drawn."""

    msgid = "有项目得票相同，谁入选要抽签决定，现在还没有结果。请先在“计票”里公布并列、公开抽签。"


class AlreadyDeclared(Refusal):
    """The result stands as declared."""

    msgid = "结果已经审定，不能再改，也不能再审定一次。"


class NotDeclaredYet(Refusal):
    """There is no declared result."""

    msgid = "结果还没有审定，不能出公示。请街道先在工作台审定。"


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


def find_result(session: Session, round_id: str) -> Result | None:
    """Return the stored result of a round, declared or not, or None."""
    return session.get(Result, round_id, populate_existing=True)


def facts_of(session: Session, round_id: str) -> ResultFacts:
    """Return the figures as declared, or as they are now.

    Raises NotFound, NotCountedYet, TallyDiffers, or LotWaits while there is no outcome to tell.
    """
    stored = find_result(session, round_id)
    if stored is not None and stored.declared_at is not None:
        return read_facts(ResultFacts, stored.facts)
    round = get_round(session, round_id)
    counted = checked_count(session, round_id)
    if round.lot_source and counted.outcome.decisive:
        raise LotWaits
    return _gather(session, round, counted)


def _lot(session: Session, round: Round) -> dict[str, Any]:
    drawn = find_drawn(session, round.id)
    if drawn is None:
        return {"draw_source": round.lot_source}
    lot = DrawnLot(
        public_number=drawn.public_number,
        source=round.lot_source,
        issue=drawn.issue,
        came_at=drawn.came_at,
        at=drawn.at,
        present=drawn.present,
        size=drawn.size,
        root=drawn.root.hex(),
    )
    return {"draw_source": round.lot_source, "draw": lot}


def _gather(session: Session, round: Round, counted: Counted) -> ResultFacts:
    rights, outcome = roll_counts(session, round.id), counted.outcome
    return ResultFacts(
        round_id=round.id,
        round_title=round.title,
        area_name=round.area.name,
        scope=whereabouts(round.scope, round.area.name),
        min_age=round.min_age,
        reference_day=round.reference_day,
        opens_at=round.opens_at,
        closes_at=round.closing,
        counted_at=get_tally(session, round.id).counted_at,
        min_choices=round.min_choices,
        max_choices=round.max_choices,
        **_list_counts(session, round),
        roll=rights.listed,
        marked=rights.marked,
        ballots=counted.ballots,
        tests=counted.tests,
        valid=counted.judged.valid_count,
        blank=counted.judged.blank,
        invalid=counted.judged.invalid,
        channels=shown_channels(counted.contents.channels),
        paper=_paper(session, round.id),
        budget=outcome.budget,
        **(_rule(counted) | _lot(session, round)),
        projects=tuple(_line(one, counted.candidates) for one in outcome.standings),
        ties=tuple(TieLine(tie.votes, tie.candidates, tie.decided_by) for tie in outcome.ties),
        urn_digest=counted.urn_digest.hex(),
        draw_seed=counted.draw_seed.hex(),
        publicity_days=round.publicity_days,
        posting_day_counts=round.posting_day_counts,
        answer_days=round.answer_days,
        office_name=round.office_name,
        office_address=round.office_address,
        office_contact=round.office_contact,
        help_number=round.help_number,
        issuer=issuer_of(session, round.area),
        is_rehearsal=round.kind == "rehearsal",
    )


def _paper(session: Session, round_id: str) -> PaperFigures | None:
    sheet = signed_sheet(session, round_id)
    if sheet is None:
        return None
    return PaperFigures(
        issued=sheet.total("handed"),
        returned=sheet.total("back"),
        valid=sheet.total("entered"),
        invalid=sheet.total("invalid"),
    )


def _rule(counted: Counted) -> dict[str, Any]:
    declared = counted.declared
    return {
        "allocation": declared.allocation,
        "funded_count": declared.funded_count,
        "least_votes": declared.least_votes,
        "tie_steps": declared.tie_steps,
    }


def _list_counts(session: Session, round: Round) -> dict[str, Any]:
    # A vote held again has the proposals of the round that collected them.
    proposals = select(func.count()).where(Proposal.round_id == round.roll_key_id)
    merged = select(func.count()).where(Candidate.round_id == round.id)
    return {
        "proposals": session.scalar(proposals) or 0,
        "merged": session.scalar(merged) or 0,
    }


def _line(one: Standing, candidates: Mapping[str, Candidate]) -> ProjectLine:
    row = candidates[one.id]
    return ProjectLine(
        number=row.ballot_number or 0,
        title=row.title,
        category=row.category_name,
        place=row.place,
        cost=one.cost,
        beneficiaries=row.beneficiaries,
        votes=one.votes,
        rank=one.place,
        reason=one.reason,
        left_before=one.left_before,
        least_votes=one.least_votes,
        k=one.k,
        stopped_by=one.stopped_by,
    )


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


def days_in_force(round: Round, result: Result | None) -> Publicity | None:
    """Return the days of publicity that count: from when the notice hung, anew after a correction.

    Until it hangs they are those the notice was printed with.
    """
    first, last = round.publicity_from, round.publicity_to
    if (first is None or last is None) and result is not None:
        first, last = result.publicity_from, result.publicity_to
    return Publicity(first, last) if first and last else None


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
