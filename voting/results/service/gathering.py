"""The figures of a counted round, from every stage."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.notices.rules import whereabouts
from voting.notices.service import issuer_of
from voting.paper.service.reconciling import signed_sheet
from voting.proposals.models import Candidate, Proposal
from voting.proposals.service.rivals import rival_numbers
from voting.results.rules import (
    PaperFigures,
    ProjectLine,
    ResultFacts,
    TieLine,
)
from voting.roll.rules.days import shown_days
from voting.roll.service import RollCounts, marked_by_day, roll_counts
from voting.rounds.models import Round
from voting.tally.rules.allocation import Standing
from voting.tally.rules.judging import shown_channels
from voting.tally.rules.lots import DrawnLot
from voting.tally.service import Counted, get_tally
from voting.tally.service.drawn import find_drawn


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


def _choosing(round: Round) -> dict[str, Any]:
    return {name: getattr(round, name) for name in ("min_choices", "max_choices", "spending")}


def gather(session: Session, round: Round, counted: Counted) -> ResultFacts:
    """Return what a result says of a count as things stand."""
    outcome = counted.outcome
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
        **_choosing(round),
        **_list_counts(session, round),
        **_people(session, round, counted),
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


def _rights(session: Session, round_id: str, counted: Counted) -> RollCounts:
    """Return who took part; where the count went by it, as the count found it, so that all papers agree."""
    if counted.turnout is None:
        return roll_counts(session, round_id)
    return RollCounts(counted.turnout.roll, counted.turnout.marked)


def _people(session: Session, round: Round, counted: Counted) -> dict[str, Any]:
    rights, by_day = _rights(session, round.id, counted), marked_by_day(session, round.id)
    first, last = local_day(round.opens_at), local_day(round.closing)
    return {
        "roll": rights.listed,
        "marked": rights.marked,
        "days": shown_days(by_day, first=first, last=last),
    }


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
        "least_share": declared.least_share,
        "least_turnout": declared.least_turnout,
        "quotas": declared.quotas,
        "rivals": rival_numbers(counted.candidates.values()),
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
        quota=one.quota,
        rival=one.rival,
    )
