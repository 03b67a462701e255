"""A counted round as a ``.pb`` file, as other readers and their checker take it.

No column of our own, nobody's age or sex, no order of the urn: ballots are shuffled before they get numbers.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from voting.errors import Refusal
from voting.pabulib.rules.loading import plain
from voting.pabulib.rules.refusals import shown
from voting.rounds.rules import Allocation
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.counting import Ballot, BallotKind, distinct

WITHDRAWN = "999999999"
_NAME = 300
_RESERVED = frozenset({"meta", "projects", "votes"})
Shuffle = Callable[[list[Ballot]], None]


class IdNotWritable(Refusal):
    """An id that a reader would take for something else."""

    msgid = "项目编号 %(project)s 不能写进 Pabulib 文件：与标题同名、含有逗号，或首尾有空格、有不可见的字符。"


class RuleNotWritable(Refusal):
    """The format has no name for the rule."""

    msgid = "Pabulib 格式没有与规则 %(rule)s 对应的名称，不能导出。"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of PROJECTS; ``votes`` are ballots that name it, ``score`` its points where they differ."""

    id: str
    cost: int
    votes: int
    score: int
    name: str
    category: str
    selected: bool
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything a file says. Money is whole smallest units with ``decimals`` places.

    ``about`` holds what does not follow from the rest, in any order; ``lines`` stand in the order of the
    tally; ``left_out`` are blank and invalid ballots; ``spend_limit`` is what a ballot inside a
    budget may spend.
    """

    about: Mapping[str, str]
    kind: BallotKind
    allocation: Allocation
    least_votes: int
    budget: int
    decimals: int
    lines: tuple[Line, ...]
    ballots: Mapping[Ballot, int]
    left_out: Mapping[str, int]
    tie_steps: str
    spend_limit: int | None = None


_ORDER = (
    "description", "country", "unit", "district", "subunit", "instance", "num_projects", "num_votes",
    "budget", "vote_type", "rule", "date_begin", "date_end", "min_length", "max_length",
    "max_sum_cost", "max_sum_points", "min_project_score_threshold", "language", "currency", "fully_funded",
    "comment",
)  # fmt: skip


def rule_name(allocation: Allocation, least_votes: int) -> str:
    """Return what a header calls a rule; raise RuleNotWritable where it has no name."""
    if allocation is Allocation.GREEDY:
        return "greedy-threshold" if least_votes else "greedy"
    if allocation is Allocation.GREEDY_STOP:
        return "greedy-no-skip"
    raise RuleNotWritable(rule=allocation.value)


def check_id(id: str) -> None:
    """Refuse an id that would not come back as it is."""
    if id.lower() in _RESERVED or "," in id or plain(id, len(id)) != id:
        raise IdNotWritable(project=shown(id))


def written(sheet: Sheet, shuffle: Shuffle) -> str:
    """Return the text of the file; raise IdNotWritable or RuleNotWritable."""
    for line in sheet.lines:
        check_id(line.id)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([["META"], ["key", "value"], *_meta(sheet)])
    writer.writerows([["PROJECTS"], *_projects(sheet)])
    writer.writerows([["VOTES"], *_votes(sheet, shuffle)])
    return text.getvalue()


def _vote_type(kind: BallotKind) -> str:
    """Return what the format calls a ballot; one inside a budget is an approval with ``max_sum_cost``."""
    return (BallotKind.APPROVAL if kind is BallotKind.KNAPSACK else kind).value


def _meta(sheet: Sheet) -> list[list[str]]:
    meta = {key: plain(value, 10 * _NAME) for key, value in sheet.about.items()}
    meta |= {
        "num_projects": str(len(sheet.lines)),
        "num_votes": str(sum(sheet.ballots.values())),
        "budget": _money(sheet.budget, sheet.decimals),
        "vote_type": _vote_type(sheet.kind),
        "rule": rule_name(sheet.allocation, sheet.least_votes),
        "comment": _comment(sheet),
    }
    if sheet.kind is BallotKind.CUMULATIVE and "max_sum_points" not in meta:
        # Readers insist on it; where no rule set one, it is what the ballots kept to.
        meta["max_sum_points"] = str(max(sum(ballot.points) for ballot in sheet.ballots))
    if sheet.spend_limit is not None:
        meta["max_sum_cost"] = _money(sheet.spend_limit, sheet.decimals)
    if sheet.least_votes:
        meta["min_project_score_threshold"] = str(sheet.least_votes)
    if sheet.budget >= sum(line.cost for line in sheet.lines if not line.withdrawn):
        meta["fully_funded"] = "1"
    return [[key, meta[key]] for key in _ORDER if meta.get(key)]


def _comment(sheet: Sheet) -> str:
    said = [
        f"{number} {what} ballots are left out" for what, number in sheet.left_out.items() if number
    ]
    if any(line.withdrawn for line in sheet.lines):
        spares = " and uses up nothing of max_sum_cost" if sheet.spend_limit is not None else ""
        said.append(f"a cost of {WITHDRAWN} stands for a project that was withdrawn{spares}")
    if sheet.tie_steps != "cost,id":
        said.append(f"equal votes were put in order by {sheet.tie_steps.replace(',', ', then ')}")
    return " ".join(f"#{number}: {sentence}" for number, sentence in enumerate(said, 1))


def _projects(sheet: Sheet) -> Iterator[list[str]]:
    scored = sheet.kind in {BallotKind.CUMULATIVE, BallotKind.ORDINAL}
    with_category = any(line.category for line in sheet.lines)
    head = ["project_id", "cost", "votes", *(["score"] if scored else []), "name"]
    yield [*head, *(["category"] if with_category else []), "selected"]
    for line in sheet.lines:
        yield [
            line.id,
            WITHDRAWN if line.withdrawn else _money(line.cost, sheet.decimals),
            str(line.votes),
            *([str(line.score)] if scored else []),
            plain(line.name, _NAME),
            *([line.category] if with_category else []),
            str(int(line.selected)),
        ]


def _votes(sheet: Sheet, shuffle: Shuffle) -> Iterator[list[str]]:
    ballots = [distinct(one) for one, number in sheet.ballots.items() for _ in range(number)]
    shuffle(ballots)
    pointed = sheet.kind is BallotKind.CUMULATIVE
    yield ["voter_id", "vote", *(["points"] if pointed else [])]
    for voter, ballot in enumerate(ballots, 1):
        points = [",".join(map(str, ballot.points))] if pointed else []
        yield [str(voter), ",".join(ballot.choices), *points]


def _money(amount: int, decimals: int) -> str:
    """Write an amount without the zeros at the end that say nothing."""
    text = decimal_text(amount, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text
