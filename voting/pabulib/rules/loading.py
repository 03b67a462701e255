"""How somebody else's election becomes a round of ours: its rule, its titles, its times. Plain values."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voting.ballots.rules import Ballot, encode
from voting.clock import at_local
from voting.errors import Refusal
from voting.pabulib.rules.election import Election
from voting.pabulib.rules.refusals import shown
from voting.rounds.rules import Allocation
from voting.tally.rules import counting

FORMAT = "loaded election 1"
TIE_STEPS = "cost,id"
CHANNEL = "loaded"

_MOST = 2**63 - 1  # what a whole number in both databases may be
_TITLE = 100
_ID = 500
_NAME = 26
_ELSEWHERE = "其他城市"
_SUFFIX = "（数据导入）"
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\Z")
_YEAR = re.compile(r"([0-9]{4})\Z")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})

# The rules a header may name, and how our count goes about them.
_ALLOCATIONS: Mapping[str, Allocation] = {
    "greedy": Allocation.GREEDY,
    "greedy-threshold": Allocation.GREEDY,
    "greedy-no-skip": Allocation.GREEDY_STOP,
}
_WITH_THRESHOLD = {"greedy-threshold", "greedy-no-skip"}


class NoBudget(Refusal):
    """A budget of nothing."""

    msgid = "文件写明的预算是 0，没有资金可以分配，不能导入。"


class NumberTooLarge(Refusal):
    """A figure that the database cannot hold."""

    msgid = "%(what)s太大，超出了能保存的范围（最多 19 位数），不能导入。"


class IdTooLong(Refusal):
    """An id longer than a key of both databases may be."""

    msgid = "项目编号 %(project)s 太长，最多 %(most)d 个字符，不能导入。"


@dataclass(frozen=True)
class LoadedRule:
    """The rule a round gets: ``known`` tells whether the header's rule is one we can follow."""

    allocation: Allocation
    least_votes: int
    known: bool


def loaded_rule(election: Election) -> LoadedRule:
    """Return the rule by which a loaded round is counted; an unknown one becomes greedy."""
    known = election.rule in _ALLOCATIONS
    least = (election.least_score or 0) if election.rule in _WITH_THRESHOLD else 0
    return LoadedRule(_ALLOCATIONS.get(election.rule, Allocation.GREEDY), least, known)


def check_figures(election: Election) -> None:
    """Refuse what no round can hold: a budget of nothing, numbers beyond 64 bits, endless ids."""
    if election.budget == 0:
        raise NoBudget
    if election.budget > _MOST:
        raise NumberTooLarge(what="预算")
    for project in election.projects:
        if len(project.id) > _ID:
            raise IdTooLong(project=shown(project.id), most=_ID)
        if project.cost > _MOST:
            raise NumberTooLarge(what=f"项目 {shown(project.id)} 的费用")
    if (election.least_score or 0) > _MOST:
        raise NumberTooLarge(what="最低得票")


def numbers_of(election: Election) -> dict[str, int]:
    """Return the ballot number of each project: its line among the projects, from 1."""
    return {project.id: number for number, project in enumerate(election.projects, 1)}


def carried(ballot: counting.Ballot, numbers: Mapping[str, int]) -> Ballot:
    """Return a ballot of the file as our urn takes it: choices by number, points and ranks as they are."""
    return Ballot(CHANNEL, tuple(numbers[choice] for choice in ballot.choices), ballot.points)


def one_length(ballots: list[Ballot]) -> int:
    """Return the length to which all ballots of the file are padded, in bytes."""
    return max(
        (len(encode(ballot)) for ballot in ballots), default=len(encode(Ballot(CHANNEL, ())))
    )


def most_choices(election: Election) -> int:
    """Return how many projects a ballot may name: ballots with more than the file allows count as well."""
    longest = max((len(set(ballot.choices)) for ballot in election.ballots), default=1)
    return max(election.most_choices, longest, 1)


def plain(text: str, most: int) -> str:
    """Return a text of the file in one line of at most ``most`` characters that people can see."""
    visible = "".join(
        " " if unicodedata.category(char) in _UNSEEN else char
        for char in unicodedata.normalize("NFC", text)
    )
    return " ".join(visible.split())[:most].rstrip()


def title_of(election: Election) -> str:
    """Return what the round is called."""
    meta = election.meta
    for key in ("description", "instance", "unit"):
        if title := plain(meta.get(key, ""), _TITLE):
            return title
    return _ELSEWHERE


def area_name_of(election: Election) -> str:
    """Return the name of the area the round lies in: the file's unit, marked as data from elsewhere."""
    return (plain(election.meta.get("unit", ""), _NAME) or _ELSEWHERE) + _SUFFIX


def source_of(election: Election) -> dict[str, str]:
    """Return where an election comes from, as its header says, so that it can be written out again."""
    keys = ("country", "unit", "district", "subunit", "instance", "language")
    return {key: plain(election.meta.get(key, ""), _TITLE) for key in keys}


def beneficiaries_of(text: str) -> int:
    """Return how many people benefit where the file says a number, else 0."""
    digits = text if text.isascii() and text.isdigit() else "0"
    return int(digits) if len(digits) < len(str(_MOST)) else 0


def times_of(election: Election, now: datetime) -> tuple[datetime, datetime]:
    """Return when voting began and ended; where the file's dates do not say, the day before ``now``."""
    first = _day(election.meta.get("date_begin", ""), last=False)
    last = _day(election.meta.get("date_end", ""), last=True)
    if first is None or last is None or not first <= last:
        return now - timedelta(days=1), now
    return at_local(first), at_local(last + timedelta(days=1))


def _day(text: str, *, last: bool) -> date | None:
    match = _DAY.match(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        year = _YEAR.match(text)
        if year:
            return date(int(year[1]), 12, 31) if last else date(int(year[1]), 1, 1)
    except ValueError:
        return None
    return None
