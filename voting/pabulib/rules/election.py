"""A whole file as an election that can be counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from voting.pabulib.rules import refusals
from voting.pabulib.rules.draft import Draft
from voting.pabulib.rules.figures import Figure, figure, whole
from voting.pabulib.rules.pile import ballots_of
from voting.pabulib.rules.records import records
from voting.pabulib.rules.recount import differences
from voting.pabulib.rules.remarks import Doubt, Remark, remark
from voting.pabulib.rules.sections import Row, Section, rows
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, ballot_count, scores

# Other cities write this cost for a project that was withdrawn when the ballots were already printed.
_WITHDRAWN = 999_999_999
_MONEY_PLACES = 2


@dataclass(frozen=True)
class Project:
    """One row of PROJECTS; ``cost`` in units of 10^-``decimals`` of the election."""

    id: str
    cost: int
    withdrawn: bool
    name: str
    category: str
    beneficiaries: str
    selected: str | None


@dataclass(frozen=True, kw_only=True)
class Election:
    """What a file says, exactly: money as whole numbers of units of 10^-``decimals``.

    ``meta`` holds every pair as written. ``least_score`` and the points of the ballots are in units of
    10^-``point_decimals``; ``least_score`` is None where the file has no threshold. ``most_choices`` is
    what the file allows; ballots with more count all the same.
    """

    meta: Mapping[str, str]
    kind: BallotKind
    rule: str
    budget: int
    decimals: int
    point_decimals: int
    least_score: int | None
    most_choices: int
    projects: tuple[Project, ...]
    ballots: Mapping[Ballot, int]
    remarks: tuple[Remark, ...]

    @property
    def ballot_count(self) -> int:
        """How many ballots the file holds, blank ones included."""
        return ballot_count(self.ballots)

    def candidates(self) -> list[Candidate]:
        """Return the projects as the rules of counting take them."""
        return [Candidate(one.id, one.cost, withdrawn=one.withdrawn) for one in self.projects]

    def scores(self) -> dict[str, int]:
        """Return the score of every project, in the order of the file."""
        return scores(self.ballots, (project.id for project in self.projects), self.kind)

    def official(self) -> frozenset[str] | None:
        """Return the projects marked as selected; None where the file has no such column."""
        if any(project.selected is None for project in self.projects):
            return None
        return frozenset(project.id for project in self.projects if project.selected == "1")


def _kind(draft: Draft) -> BallotKind:
    text = draft.required("vote_type")
    try:
        kind = BallotKind(text.lower())
    except ValueError:
        raise refusals.UnknownVoteType(draft.line("vote_type"), text=text) from None
    columns = draft.layout.columns[Section.VOTES]
    if kind is BallotKind.CUMULATIVE and "points" not in columns:
        line = draft.layout.headers[Section.VOTES]
        raise refusals.MissingColumn(line, section=Section.VOTES, column="points")
    return kind


def _most_choices(draft: Draft, kind: BallotKind) -> int:
    if kind is BallotKind.CHOOSE_1:
        return 1
    stated = whole(draft.text("max_length"))
    return min(stated, len(draft.projects)) if stated else len(draft.projects)


def _project(row: Row, cost: Figure, decimals: int) -> Project:
    cells = row.cells
    return Project(
        id=cells["project_id"],
        cost=cost.at(decimals),
        withdrawn=cost.is_whole(_WITHDRAWN),
        name=cells.get("name", ""),
        category=cells.get("category", ""),
        beneficiaries=cells.get("beneficiaries", cells.get("target", "")),
        selected=cells.get("selected"),
    )


def _note_fine_money(draft: Draft, budget: Figure, costs: Mapping[str, Figure]) -> None:
    # Three places are rare in money, and 1,500 is how some write one thousand five hundred.
    lines = [(budget, draft.line("budget"))]
    lines += [(cost, draft.projects[project].line) for project, cost in costs.items()]
    for money, line in lines:
        if money.decimals > _MONEY_PLACES:
            draft.sightings.note(Doubt.FINE_MONEY, line)


def _about_the_file(draft: Draft, kind: BallotKind, most: int) -> list[Remark]:
    found = draft.sightings.remarks(most=most)
    if "vote_strength" in draft.layout.columns[Section.VOTES]:
        found.append(remark(Doubt.WEIGHTS))
    scoring = draft.text("scoring_fn")
    if kind is BallotKind.ORDINAL and scoring.lower() not in {"", "borda"}:
        found.append(remark(Doubt.SCORING, text=scoring))
    return found


def read_election(stream: BinaryIO) -> Election:
    """Read a ``.pb`` file; raise DamagedFile with the line and what is wrong there."""
    draft = Draft()
    for row in rows(records(stream), draft.layout):
        draft.take(row)
    if not draft.projects:
        raise refusals.NoProjects(draft.layout.titles[Section.PROJECTS])
    return _election(draft)


def _election(draft: Draft) -> Election:
    kind = _kind(draft)
    budget = figure(draft.required("budget"), line=draft.line("budget"), column="budget")
    costs = draft.costs()
    _note_fine_money(draft, budget, costs)
    decimals = max(money.decimals for money in (budget, *costs.values()))
    threshold = draft.figure("min_project_score_threshold")
    most = _most_choices(draft, kind)
    ballots = ballots_of(draft.pile, kind, frozenset(draft.projects), most, draft.sightings)
    meta = {key: row.cells["value"] for key, row in draft.meta.items()}
    cells = {project: row.cells for project, row in draft.projects.items()}
    stated = differences(meta, cells, ballots.multiset, kind, ballots.decimals)
    return Election(
        meta=meta,
        kind=kind,
        rule=draft.text("rule").lower(),
        budget=budget.at(decimals),
        decimals=decimals,
        point_decimals=ballots.decimals,
        least_score=threshold.at(ballots.decimals) if threshold else None,
        most_choices=most,
        projects=tuple(_project(r, costs[p], decimals) for p, r in draft.projects.items()),
        ballots=ballots.multiset,
        remarks=(*stated, *_about_the_file(draft, kind, most)),
    )
