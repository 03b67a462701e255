"""The facts of the result notice (公示) and of nothing else; the paper is made of these alone.

Contents follow printing.md §2.6. No name, number or address of a resident can get in: there is no field
for one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from voting.adapters.pdf import Paper
from voting.notices.document import ContactOffice, Render, Signature, heading_lines, official
from voting.notices.rules import named_round, short_category
from voting.results.rules import (
    OFFICE_HOURS,
    PaperFigures,
    ProjectLine,
    Publicity,
    ResultCharts,
    ResultFacts,
    charts_of,
)
from voting.web.filters import budget

UNFUNDED_TITLE = "未入选项目得票情况"
CHARTS_TITLE = "得票和资金情况图"
MOST_ROWS_IN_TEXT = 8
"""Projects not funded beyond this number go into an attachment."""


@dataclass(frozen=True)
class FundedRow:
    """One funded project; ``cost`` in cents, ``body`` is who will carry it out."""

    number: int
    title: str
    category: str
    place: str
    votes: int
    cost: int
    body: str


@dataclass(frozen=True)
class UnfundedRow:
    """One project not funded, with the reason the count gives, as a phrase."""

    number: int
    title: str
    category: str
    votes: int
    cost: int
    reason: str


@dataclass(frozen=True)
class BallotCount:
    """Ballots by channel; paper is counted at hand-out, at return and after adjudication.

    ``online`` are the valid ones; blank and invalid ones came in as well. ``is_split`` is False where papers
    may be among the blank ones: then only the sums of all channels are told.
    """

    online: int
    paper_issued: int
    paper_returned: int
    paper_valid: int
    paper_invalid: int
    online_blank: int = 0
    online_invalid: int = 0
    is_split: bool = True

    @property
    def cast(self) -> int:
        """实投: ballots that came in, not cards that were handed out."""
        return self.online + self.online_blank + self.online_invalid + self.paper_returned

    @property
    def valid(self) -> int:
        """Valid ballots of all channels: what shares of the vote are shares of."""
        return self.online + self.paper_valid

    @property
    def reconciles(self) -> bool:
        """Whether no more paper came back than went out (清票)."""
        return self.paper_returned <= self.paper_issued


@dataclass(frozen=True)
class ResultNotice:
    """Everything the result notice says. Money in cents; phrases without their full stop.

    ``roll`` is the number of people on the roll when voting closed, ``marked`` how many of them used their
    right. ``ties`` tells, if there were any, how each was decided. ``calendar_note`` is said where the
    holidays of a year were not known yet. ``situations`` are sentences on what a reader would wonder about.
    ``charts`` is None on a paper issued before there were any.
    """

    round_title: str
    scope: str
    min_age: int
    reference_day: date
    opens_at: datetime
    closes_at: datetime
    max_choices: int
    proposals: int
    merged: int
    candidates: int
    roll: int
    marked: int
    ballots: BallotCount
    budget: int
    rule: str
    tie_rule: str
    ties: tuple[str, ...]
    funded: tuple[FundedRow, ...]
    unfunded: tuple[UnfundedRow, ...]
    publicity_from: date
    publicity_to: date
    publicity_days: int
    calendar_note: str
    answer_days: int
    office: ContactOffice
    signature: Signature
    url: str
    number: str = ""
    shows_number: bool = False
    head: str = ""
    demo: bool = False
    rehearsal: bool = False
    situations: tuple[str, ...] = ()
    spending: str = ""
    charts: ResultCharts | None = None

    @property
    def title(self) -> str:
        """The paper's full title."""
        return f"关于{self.round_title}项目票决结果的公示"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title)

    @property
    def spent(self) -> int:
        """Cost of all funded projects, in cents."""
        return sum(row.cost for row in self.funded)

    @property
    def bodies(self) -> list[str]:
        """Who carries the projects out, each once; the table has a column only for several."""
        return list(dict.fromkeys(row.body for row in self.funded))

    @property
    def attaches_unfunded(self) -> bool:
        """Whether the projects not funded are listed in an attachment."""
        return len(self.unfunded) > MOST_ROWS_IN_TEXT

    @property
    def attachments(self) -> list[str]:
        """The titles of the attachments, in their order."""
        unfunded = [UNFUNDED_TITLE] if self.attaches_unfunded else []
        return unfunded + ([CHARTS_TITLE] if self.charts else [])


def result_notice(facts: ResultNotice, *, render: Render) -> Paper:
    """Return the result notice as a paper."""
    return official("notices/print/result.html", facts, url=facts.url, render=render)


def notice_facts(
    facts: ResultFacts, *, publicity: Publicity, issued_on: date, number: str, url: str, demo: bool
) -> ResultNotice:
    """Return the facts of the notice that says what a result says, but for the ledger's head."""
    return ResultNotice(
        round_title=named_round(facts.round_title),
        scope=facts.scope,
        min_age=facts.min_age,
        reference_day=facts.reference_day,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        max_choices=facts.max_choices,
        spending=facts.spending,
        proposals=facts.proposals,
        merged=facts.merged,
        candidates=len(facts.projects),
        roll=facts.roll,
        marked=facts.marked,
        ballots=_ballots(facts),
        budget=facts.budget,
        rule="；".join(map(str, facts.rule)),
        tie_rule="，".join(map(str, facts.tie_rule)),
        ties=_ties(facts),
        situations=tuple(map(str, facts.situations)),
        funded=tuple(_funded(line, facts.issuer) for line in facts.funded),
        unfunded=tuple(_unfunded(line) for line in facts.unfunded),
        publicity_from=publicity.first,
        publicity_to=publicity.last,
        publicity_days=facts.publicity_days,
        calendar_note=publicity.note,
        answer_days=facts.answer_days,
        office=_office(facts),
        signature=Signature((facts.issuer,), issued_on),
        url=url,
        number=number,
        demo=demo,
        rehearsal=facts.is_rehearsal,
        charts=charts_of(facts),
    )


def _ties(facts: ResultFacts) -> tuple[str, ...]:
    """Return how each tie was decided, and last by what number a lot in public was drawn."""
    said = tuple(str(tie.phrase) for tie in facts.ties)
    return (*said, str(facts.draw.phrase)) if facts.draw else said


def _ballots(facts: ResultFacts) -> BallotCount:
    paper = facts.paper or PaperFigures(issued=0, returned=0, valid=0, invalid=0)
    # A paper that names nobody but withdrawn projects lies in the urn and counts as blank there.
    is_split = all(line.rank is not None for line in facts.projects)
    return BallotCount(
        is_split=is_split,
        online=max(facts.valid - paper.valid, 0) if is_split else facts.valid - paper.valid,
        online_blank=facts.blank,
        online_invalid=facts.invalid,
        paper_issued=paper.issued,
        paper_returned=paper.returned,
        paper_valid=paper.valid,
        paper_invalid=paper.invalid,
    )


def _office(facts: ResultFacts) -> ContactOffice:
    return ContactOffice(
        office=facts.office_name,
        address=facts.office_address,
        contact=facts.office_contact,
        phone=facts.help_number,
        hours=OFFICE_HOURS,
    )


def _funded(line: ProjectLine, body: str) -> FundedRow:
    return FundedRow(
        number=line.number,
        title=line.title,
        category=short_category(line.category),
        place=line.place,
        votes=line.votes,
        cost=line.cost,
        body=body,
    )


def _unfunded(line: ProjectLine) -> UnfundedRow:
    return UnfundedRow(
        number=line.number,
        title=line.title,
        category=short_category(line.category),
        votes=line.votes,
        cost=line.cost,
        reason=line.short_reason(_tight_budget),
    )


def _tight_budget(cents: int) -> str:
    return budget(cents).replace(" ", "")
