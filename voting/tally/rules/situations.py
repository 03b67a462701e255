"""Outcomes that a reader would wonder about, each with its sentence; and a budget that is cut afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from voting.tally.rules.allocation import Outcome
from voting.tally.rules.phrases import Phrase
from voting.tally.rules.reasons import Reason
from voting.tally.rules.thresholds import Turnout, percent_text


class Situation(StrEnum):
    """Something about an outcome that is said beside it."""

    TURNOUT_TOO_LOW = "turnout_too_low"
    NO_VALID_BALLOT = "no_valid_ballot"
    NO_VOTES = "no_votes"
    ONE_CANDIDATE = "one_candidate"
    EVERYTHING_FITS = "everything_fits"


# Message ids.
SITUATION_SENTENCES = {
    Situation.TURNOUT_TOO_LOW: (
        "名册 %(roll)s 人，已登记投票 %(marked)s 人，没有达到最低投票率 %(least)s，"
        "没有项目入选，投票无效。"
    ),
    Situation.NO_VALID_BALLOT: "没有有效选票，没有项目入选，资金全部留下。",
    Situation.NO_VOTES: "没有一个项目得票，没有项目入选，资金全部留下。",
    Situation.ONE_CANDIDATE: "候选项目只有一个：有得票、达到最低得票、资金也够，才入选。",
    Situation.EVERYTHING_FITS: "资金够用，得票的项目全部入选。",
}


def situations(outcome: Outcome, *, valid_ballots: int) -> tuple[Situation, ...]:
    """Return what is to be said about an outcome; ``valid_ballots`` are those that name a project."""
    standing = [(one.votes, one.reason) for one in outcome.standings if one.place is not None]
    return situations_among(standing, valid_ballots=valid_ballots)


def situations_among(
    standing: Sequence[tuple[int, Reason]], *, valid_ballots: int
) -> tuple[Situation, ...]:
    """Return the same of votes and reasons alone, those of the projects that were not withdrawn."""
    wanted = [reason for votes, reason in standing if votes > 0]
    first = [Situation.TURNOUT_TOO_LOW] if Reason.TURNOUT_TOO_LOW in wanted else []
    if not valid_ballots:
        first.append(Situation.NO_VALID_BALLOT)
    elif not wanted:
        first.append(Situation.NO_VOTES)
    if len(standing) == 1:
        first.append(Situation.ONE_CANDIDATE)
    if wanted and all(reason is Reason.FUNDED for reason in wanted):
        first.append(Situation.EVERYTHING_FITS)
    return tuple(first)


def situation_phrase(one: Situation, turnout: Turnout | None = None) -> Phrase:
    """Return the sentence of a situation; ``turnout`` is needed where it was too low."""
    if one is not Situation.TURNOUT_TOO_LOW or turnout is None:
        return Phrase(SITUATION_SENTENCES[one])
    least = percent_text(turnout.least)
    values = {"roll": turnout.roll, "marked": turnout.marked, "least": least}
    return Phrase(SITUATION_SENTENCES[one], values)


def staying(costs: Sequence[int], budget: int) -> int:
    """Return how many stay of what was selected in this order: the last leave until the rest can be paid."""
    kept, spent = len(costs), sum(costs)
    while spent > budget:
        kept -= 1
        spent -= costs[kept]
    return kept


def cut(outcome: Outcome, budget: int) -> Outcome:
    """Return an outcome after its budget was cut: whoever was selected last leaves first.

    They leave until the rest can be paid; nobody is passed over and nobody moves up, so that a cut never
    takes the money of a project that stood before another which keeps its own. Raises ValueError for a budget
    below zero or above the old one.
    """
    if not 0 <= budget <= outcome.budget:
        raise ValueError("a cut budget lies between zero and the old one")
    cost = {one.id: one.cost for one in outcome.standings}
    kept = outcome.funded[: staying([cost[id] for id in outcome.funded], budget)]
    spent = sum(cost[id] for id in kept)
    gone = set(outcome.funded) - set(kept)
    return replace(
        outcome,
        budget=budget,
        standings=tuple(
            replace(one, reason=Reason.CUT) if one.id in gone else one for one in outcome.standings
        ),
        funded=tuple(kept),
        spent=spent,
    )
