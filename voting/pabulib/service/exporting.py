"""A counted round of ours, or one that was loaded, as a file of the Pabulib library."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.clock import local_day
from voting.errors import Refusal
from voting.pabulib.rules.writing import Line, Sheet, Shuffle, written
from voting.proposals.service.rivals import rival_numbers
from voting.results.service import find_result
from voting.rounds.models import Round
from voting.rounds.rules import MOST_LISTED, BallotKind, Publication
from voting.rounds.service import get_round
from voting.tally.rules.counting import ballot_count
from voting.tally.rules.judging import named
from voting.tally.service import Counted, counted_of

_COUNTRY = "China"
_LANGUAGE = "zh"


class OnlyTotals(Refusal):
    """The frozen rules publish totals; a file would publish every ballot."""

    msgid = (
        "本轮按规则只公布每个项目的得票数，不公布整张选票；Pabulib 文件要写出每张选票，不能导出。"
    )


class NotPublished(Refusal):
    """The result was not declared yet."""

    msgid = "本轮结果还没有审定公布，不能导出。"


class NothingToExport(Refusal):
    """There is no valid ballot, and a file without votes is no election."""

    msgid = "本轮没有有效选票，不能导出。"


class LimitsNotWritable(Refusal):
    """A recount of the file would not give the winners: the format knows no such rule."""

    msgid = "本轮的规则里有%(rule)s，Pabulib 格式写不出来，别人照文件重算会得出别的结果，不能导出。"


class FractionsOfPoints(Refusal):
    """Points of other places may have fractions; other readers take whole points only."""

    msgid = "本轮的分数有小数，Pabulib 文件只能写整数，不能导出。"


@dataclass(frozen=True)
class Exported:
    """The text of a file, and how much it holds."""

    text: str
    projects: int
    ballots: int


def export(session: Session, *, round_id: str, shuffle: Shuffle | None = None) -> Exported:
    """Return a round as a file.

    Raises NotFound, NotCountedYet, OnlyTotals, NotPublished, NothingToExport, FractionsOfPoints,
    LimitsNotWritable, IdNotWritable or RuleNotWritable.
    """
    round = get_round(session, round_id)
    if round.publication != Publication.FULL:
        raise OnlyTotals
    counted = counted_of(session, round_id)
    if round.kind != "loaded":
        result = find_result(session, round_id)
        if result is None or result.declared_at is None:
            raise NotPublished
    if not counted.judged.valid_count:
        raise NothingToExport
    if counted.vote_decimals:
        raise FractionsOfPoints
    _check_limits(counted)
    sheet = _sheet(session, round, counted)
    text = written(sheet, shuffle or random.SystemRandom().shuffle)
    return Exported(text, len(sheet.lines), ballot_count(sheet.ballots))


def _check_limits(counted: Counted) -> None:
    declared = counted.declared
    if declared.quotas:
        raise LimitsNotWritable(rule="类别限额")
    if rival_numbers(counted.candidates.values()):
        raise LimitsNotWritable(rule="只能入选一个的项目")
    if declared.least_turnout:
        raise LimitsNotWritable(rule="最低投票率")


def _sheet(session: Session, round: Round, counted: Counted) -> Sheet:
    declared = counted.declared
    return Sheet(
        about=_about(session, round),
        kind=BallotKind(round.ballot_kind),
        allocation=declared.allocation,
        # A share of the valid ballots, and no others are written, is a number of votes as well.
        least_votes=declared.votes_needed(counted.judged.valid_count),
        budget=declared.budget,
        decimals=counted.money_decimals,
        lines=tuple(_lines(counted)),
        # With those that name nobody but withdrawn projects: the votes of these are in the file too.
        ballots=counted.judged.naming,
        left_out={"blank": counted.judged.unmarked, "invalid": counted.judged.invalid},
        tie_steps=declared.tie_steps,
        spend_limit=round.spend_limit,
    )


def _lines(counted: Counted) -> Iterable[Line]:
    votes = named(counted.judged.naming, counted.candidates)
    for one in counted.outcome.standings:
        candidate = counted.candidates[one.id]
        yield Line(
            id=one.id,
            cost=one.cost,
            votes=votes[one.id],
            score=one.votes,
            name=candidate.title,
            category=candidate.category or "",
            selected=one.funded,
            withdrawn=one.place is None,
        )


def _about(session: Session, round: Round) -> dict[str, str]:
    first = local_day(round.opens_at)
    # A vote that ends at midnight ends on the day before.
    last = local_day((round.extended_to or round.closes_at) - timedelta(microseconds=1))
    about = {
        "description": round.title,
        "country": _COUNTRY,
        "instance": str(last.year),
        "date_begin": f"{first:%d.%m.%Y}",
        "date_end": f"{last:%d.%m.%Y}",
        "currency": round.currency,
    }
    if round.spend_limit is None or round.max_choices < MOST_LISTED:
        about["max_length"] = str(round.max_choices)
    if round.kind == "loaded":
        return about | _source(round)
    about |= {"language": _LANGUAGE} | _place(session, round.area)
    if round.min_choices:
        about["min_length"] = str(round.min_choices)
    if round.max_points is not None:
        about["max_sum_points"] = str(round.max_points)
    return about


def _place(session: Session, area: Area) -> dict[str, str]:
    names = {
        row.level: row.name
        for row in session.scalars(select(Area).where(Area.id.in_(area.path.split("/"))))
    }
    place = {"unit": names.pop("district", area.name)}
    if names:
        # The chain from the street down is what the format calls a subunit.
        levels = ("street", "community", "estate")
        place["subunit"] = " ".join(names[level] for level in levels if level in names)
    return place


def _source(round: Round) -> dict[str, str]:
    source = json.loads(round.config or "{}").get("source", {})
    return {"unit": round.area.name} | {key: value for key, value in source.items() if value}
