"""The outcome of a count as the JSON that scripts rely on."""

from voting.tally.rules.allocation import Outcome, Standing
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.ties import Tie


def _number(amount: int, decimals: int) -> int | str:
    return amount if decimals == 0 else decimal_text(amount, decimals)


def _project(standing: Standing, decimals: int, vote_decimals: int) -> dict[str, object]:
    left = standing.left_before
    # Only where such a rule decided: the answer of a round without these rules stays as it was.
    more = {"quota": standing.quota, "rival": standing.rival}
    return {name: value for name, value in more.items() if value is not None} | {
        "id": standing.id,
        "place": standing.place,
        "votes": _number(standing.votes, vote_decimals),
        "cost": decimal_text(standing.cost, decimals),
        "funded": standing.funded,
        "reason": standing.reason.value,
        "left_before": None if left is None else decimal_text(left, decimals),
    }


def _tie(tie: Tie, vote_decimals: int) -> dict[str, object]:
    return {
        "votes": _number(tie.votes, vote_decimals),
        "candidates": list(tie.candidates),
        "decided_by": [step.value for step in tie.decided_by],
    }


def answer(
    outcome: Outcome, *, rule: str, ballots: int, decimals: int, vote_decimals: int = 0
) -> dict[str, object]:
    """Return the answer of ``pabulib tally`` and ``tally count``.

    Money is text with ``decimals`` places. Votes are whole numbers, or text where the ballots of
    other people give fractions of points (``vote_decimals``).
    """
    return {
        "rule": rule,
        "ballots": ballots,
        "votes": {one.id: _number(one.votes, vote_decimals) for one in outcome.standings},
        "funded": list(outcome.funded),
        "budget": decimal_text(outcome.budget, decimals),
        "spent": decimal_text(outcome.spent, decimals),
        "left": decimal_text(outcome.left, decimals),
        "ties": [_tie(tie, vote_decimals) for tie in outcome.ties],
        "projects": [_project(one, decimals, vote_decimals) for one in outcome.standings],
    }
