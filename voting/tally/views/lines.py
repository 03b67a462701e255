"""What the page about a count says of each project and each tie."""

from dataclasses import dataclass

from voting.rounds.rules import QUOTA_NAMES
from voting.tally.rules.allocation import Standing
from voting.tally.rules.judging import FLAW_NAMES
from voting.tally.rules.phrases import Parted, parted, tie_names
from voting.tally.rules.reasons import SENTENCES
from voting.tally.rules.ties import Tie
from voting.tally.service import Counted
from voting.web.filters import budget
from voting.web.text import _


@dataclass(frozen=True)
class Line:
    """One project of the count: its place, figures and the sentence of its reason."""

    place: int | None
    number: str
    title: str
    votes: int
    cost: int
    funded: bool
    sentence: str
    waits: bool = False


def lines_of(counted: Counted) -> list[Line]:
    """Return the projects of a count with the sentence of each."""
    lines = []
    tied = {id for group in counted.outcome.decisive for id in group}
    for one in counted.outcome.standings:
        row = counted.candidates[one.id]
        lines.append(
            Line(
                place=one.place,
                number=one.id,
                title=row.title,
                votes=one.votes,
                cost=one.cost,
                funded=one.funded,
                sentence=_(SENTENCES[one.reason], **_values(one)),
                waits=one.id in tied,
            )
        )
    return lines


def _values(one: Standing) -> dict[str, object]:
    values = one.values(budget)
    for name, number in (("stopped_by", one.stopped_by), ("rival", one.rival)):
        if number is not None:
            values[name] = _("%(number)s 号", number=number)
    if one.quota is not None:
        values["quota"] = _(QUOTA_NAMES[one.quota])
    return values


def ties_of(counted: Counted) -> list[str]:
    """Return what is said of each group with equal votes."""
    waiting = {id for group in counted.outcome.decisive for id in group}
    return [
        tie_sentence(tie, waits=bool(waiting & set(tie.candidates))) for tie in counted.outcome.ties
    ]


_TIES = {
    Parted.ALL: "%(numbers)s 号得票都是 %(votes)s 票，先后由%(steps)s决定。",
    Parted.SOME: "%(numbers)s 号得票都是 %(votes)s 票，先后由%(steps)s决定；仍然并列的，不影响入选。",
    Parted.NONE: "%(numbers)s 号得票都是 %(votes)s 票，并列，不影响入选。",
}
_WAITS = "%(numbers)s 号得票都是 %(votes)s 票，谁入选还要抽签。"


def tie_sentence(tie: Tie, *, waits: bool) -> str:
    """Say which projects had equal votes and what decided their order, or that a lot has to."""
    sentence: str = _(
        _WAITS if waits else _TIES[parted(tie.decided_by)],
        numbers=_("、").join(tie.candidates),
        votes=tie.votes,
        steps=_("、").join(_(name) for name in tie_names(tie.decided_by)),
    )
    return sentence


def flaws_of(counted: Counted) -> list[tuple[str, int]]:
    """Return why ballots were invalid, with their numbers."""
    return [(_(FLAW_NAMES[flaw]), number) for flaw, number in counted.judged.flaws.items()]
