"""A round of the demo before its vote: the plan, proposals put together, the review, the list, the roll."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import func, select

from voting.accounts.models import Officer
from voting.adapters.spreadsheets import read_table, write_csv
from voting.clock import at_local
from voting.conduct.rules import Given
from voting.conduct.service import advance, appoint
from voting.demo.rules.people import rows
from voting.demo.rules.stories import title_of
from voting.demo.rules.voices import Voice
from voting.demo.rules.works import Work
from voting.demo.service.scene import Part
from voting.polling.rules import PlaceKind
from voting.polling.service import PlaceFacts, add_place
from voting.proposals.rules import CandidateFacts, ProposalFacts
from voting.proposals.service import (
    ReviewFacts,
    enter_proposal,
    list_candidate,
    merge,
    nominate,
    review,
)
from voting.reading import YUAN
from voting.roll.service import import_roll
from voting.rounds.models import Round
from voting.rounds.rules import CHANNELS, Phase, Plan, RoundChannel, SecondFactor
from voting.rounds.service import create_round

_SURNAMES = "张王李刘陈杨黄赵吴周"
_TOGETHER = "说的是同一件事，合在一起办。"
# A sheet long enough to have the faults of a real one.
_FAULTY = 212


class Preparing:
    """Does what community and street do before a vote."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._proposals: defaultdict[str, list[str]] = defaultdict(list)
        self._candidates: dict[str, str] = {}

    def create(self, now: datetime) -> None:
        """Write the plan, and who runs the round."""
        part = self._part
        team = (part.worker, part.secretary, part.street)
        part.round = create_round(
            part.scene.session,
            now=now,
            actor=part.worker.actor,
            area_id=part.area.id,
            plan=self._plan(),
            kind=part.story.kind,
            officer_ids=[officer.id for officer in team],
        )
        if part.story.by_poster:
            self._open_places(now)

    def _open_places(self, now: datetime) -> None:
        """Name the places where people can go; their screens are opened by whoever looks at the demo."""
        part, hours = self._part, "投票期间每天8:30至17:00"
        hall = PlaceFacts(
            kind=PlaceKind.FIXED,
            name="社区服务大厅",
            address=part.story.office.address,
            hours=hours,
        )
        round_trip = PlaceFacts(
            kind=PlaceKind.MOBILE, name="流动投票点", address="各栋楼下", hours="19:00至20:30"
        )
        for facts in (hall, round_trip):
            add_place(
                part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
                facts=facts,
            )  # fmt: skip

    def _plan(self) -> Plan:
        story, days, office = self._part.story, self._part.story.days, self._part.story.office
        return Plan(
            title=self._title(),
            scope=f"在{story.area}居住、工作或学习的居民",
            budget=story.budget * YUAN,
            collecting_from=days.approved,
            collecting_until=days.collecting_until,
            screening_until=days.screened,
            review_until=days.deliberating,
            announce_on=days.announced,
            opens_at=at_local(days.opens, 8),
            closes_at=at_local(days.closes, 17),
            reference_day=days.closes,
            max_choices=story.most,
            seal_way=story.seal_way,
            channels=tuple(RoundChannel) if story.by_poster else CHANNELS,
            second_factors=(SecondFactor.SCREEN, SecondFactor.WORKER),
            help_number=office.help_number,
            office_name=office.name,
            office_address=office.address,
            office_contact=office.contact,
            polling_place=f"{office.address}，投票期间每天8:30至17:00",
        )

    def _title(self) -> str:
        area, year = self._part.story.area, self._part.story.days.opens.year
        before = select(func.count()).where(
            Round.title.startswith(f"{area}{year}年"), Round.kind == "real"
        )
        return title_of(area, year, (self._part.scene.session.scalar(before) or 0) + 1)

    def advance(
        self,
        to: Phase,
        officer: Officer,
        now: datetime,
        *,
        reason: str = "",
        key: str | None = None,
        given: Given | None = None,
    ) -> None:
        """Take the round one step on."""
        scene = self._part.scene
        advance(
            scene.session,
            now=now,
            actor=officer.actor,
            keys=scene.keys,
            round_id=self._part.round.id,
            to=to,
            reason=reason,
            config=scene.config,
            permissions=officer.permissions,
            key=key,
            given=given or Given(),
        )

    def meet(self, day: date, now: datetime) -> None:
        """Confirm the list with the minutes of the meeting that chose it."""
        part = self._part
        minutes = Given(day=day, person=f"{part.story.office.name}书记")
        self.advance(
            Phase.SHORTLISTED, part.street, now, reason=f"{part.story.meeting}。", given=minutes
        )

    def enter(self, voice: Voice, work: Work, now: datetime) -> None:
        """Enter a proposal from paper."""
        part = self._part
        facts = ProposalFacts(
            title=voice.title,
            category=work.category,
            place=work.place,
            reason=voice.reason,
            proposer_name=part.random.choice(_SURNAMES) + "某某",
        )
        entered = enter_proposal(
            part.scene.session,
            now=now,
            actor=part.worker.actor,
            keys=part.scene.keys,
            round_id=part.round.id,
            facts=facts,
        )
        self._proposals[work.title].append(entered.id)

    def put_together(self, work: Work, now: datetime) -> None:
        """Merge the proposals that mean one work into a candidate for the meeting."""
        part, mine = self._part, self._proposals[work.title]
        facts = CandidateFacts(
            title=work.title,
            category=work.category,
            place=work.place,
            sentence=work.sentence,
            description=work.description,
            cost=work.cost * YUAN,
            beneficiaries=work.beneficiaries,
            picture=part.scene.papers.picture(work.title),
        )
        if len(mine) == 1:
            made = nominate(
                part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
                proposal_ids=mine, facts=facts,
            )  # fmt: skip
        else:
            made = merge(
                part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
                candidate_id=None, proposal_ids=mine, facts=facts, reason=_TOGETHER,
            )  # fmt: skip
        self._candidates[work.title] = made.id

    def review(self, work: Work, now: datetime) -> None:
        """Let the street settle what a work costs, and whether it can be done."""
        part = self._part
        passes = work is not part.story.unfit
        facts = ReviewFacts(
            is_passed=passes,
            cost=work.cost * YUAN,
            beneficiaries=work.beneficiaries,
            place=work.place,
            cost_basis="询价 3 家，取中间价。",
            upkeep="由社区和物业共同管护，日常费用从公共收益里出。",
            reason="可以做，造价合理。" if passes else "涉及电梯维保合同，今年不能动，列入储备。",
        )
        review(
            part.scene.session, now=now, actor=part.street.actor, round_id=part.round.id,
            candidate_id=self._candidates[work.title], facts=facts,
        )  # fmt: skip

    def choose(self, work: Work, now: datetime) -> None:
        """Put a work that the meeting chose on the list."""
        part = self._part
        list_candidate(
            part.scene.session, now=now, actor=part.secretary.actor, round_id=part.round.id,
            candidate_id=self._candidates[work.title],
        )  # fmt: skip

    def read_roll(self, now: datetime) -> None:
        """Read the roll from a sheet; in a long one not every row is right."""
        part, story = self._part, self._part.story
        header, *people = rows(
            story.people, buildings=story.buildings, on=story.days.closes, random=part.random,
            faults=story.people >= _FAULTY,
        )  # fmt: skip
        import_roll(
            part.scene.session,
            now=now,
            actor=part.worker.actor,
            keys=part.scene.keys,
            round_id=part.round.id,
            rows=read_table(write_csv(header, people)),
            file_name=f"{story.area}名册.csv",
        )

    def appoint(self, duty: str, name: str, now: datetime) -> None:
        """Appoint somebody who watches or counts."""
        part = self._part
        appoint(
            part.scene.session,
            now=now,
            actor=part.secretary.actor,
            keys=part.scene.keys,
            round_id=part.round.id,
            duty=duty,
            name=name,
        )
