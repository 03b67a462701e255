"""Figures of a count that must agree with one another, and exact numbers as text."""

from collections.abc import Mapping

from voting.errors import Refusal


class ProjectOutvotesTheUrn(Refusal):
    """One project was named on more ballots than there are."""

    msgid = "项目 %(project)s 得票 %(votes)s，多于选票 %(ballots)s 张，计票不平衡，不能继续。"


class VotesExceedTheBallots(Refusal):
    """All projects together were named more often than the ballots allow."""

    msgid = "得票合计 %(votes)s，多于选票 %(ballots)s 张每张至多 %(max_choices)s 项，计票不平衡，不能继续。"


def check_balance(votes: Mapping[str, int], *, ballots: int, max_choices: int) -> None:
    """Refuse a count that cannot be true.

    ``votes`` are ballots that name each project (for points and ranks too, not their sums).
    """
    for project, number in votes.items():
        if number > ballots:
            raise ProjectOutvotesTheUrn(project=project, votes=number, ballots=ballots)
    total = sum(votes.values())
    if total > ballots * max_choices:
        raise VotesExceedTheBallots(votes=total, ballots=ballots, max_choices=max_choices)


def turnout(marked: int, roll: int) -> str:
    """Return the share of the roll that took part, in percent with one decimal, half up: ``70.0``.

    An empty roll has a turnout of ``0.0``. Raises ValueError when more are marked than are on the roll.
    """
    if not 0 <= marked <= roll:
        raise ValueError("no more people can be marked than are on the roll")
    if roll == 0:
        return "0.0"
    return decimal_text((2000 * marked + roll) // (2 * roll), 1)


def decimal_text(amount: int, decimals: int) -> str:
    """Write a number of smallest units exactly, with ``decimals`` places: 12345 and 2 give ``123.45``."""
    if decimals == 0:
        return str(amount)
    sign = "-" if amount < 0 else ""
    digits = str(abs(amount)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
