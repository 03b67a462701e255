"""A round of the demo before its vote: the plan, proposals, the list, the roll, who counts."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select

from voting.accounts.models import Officer
from voting.adapters.spreadsheets import read_table, write_csv
from voting.clock import at_local
from voting.conduct.service import advance, appoint
from voting.demo.rules.people import rows
from voting.demo.rules.stories import title_of
from voting.demo.rules.voices import Voice
from voting.demo.rules.works import Work
from voting.demo.service.scene import Part
from voting.proposals.rules import CandidateFacts, ProposalFacts
from voting.proposals.service import enter_proposal, shortlist
from voting.roll.service import import_roll
from voting.rounds.models import Round
from voting.rounds.rules import YUAN, Phase, Plan
from voting.rounds.service import create_round

_SURNAMES = "张王李刘陈杨黄赵吴周"


class Preparing:
    """Does what community and street do before a vote."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._proposals: defaultdict[str, list[str]] = defaultdict(list)

    def create(self, now: datetime) -> None:
        """Write the plan."""
        part = self._part
        part.round = create_round(
            part.scene.session,
            now=now,
            actor=part.worker.actor,
            area_id=part.area.id,
            plan=self._plan(),
        )

    def _plan(self) -> Plan:
        story, days, office = self._part.story, self._part.story.days, self._part.story.office
        return Plan(
            title=self._title(),
            scope=f"在{story.area}居住、工作或学习的居民",
            budget=story.budget * YUAN,
            collecting_until=days.collecting_until,
            opens_at=at_local(days.opens, 8),
            closes_at=at_local(days.closes, 17),
            reference_day=days.closes,
            max_choices=story.most,
            help_number=office.help_number,
            office_name=office.name,
            office_address=office.address,
            office_contact=office.contact,
            polling_place=f"{office.address}，投票期间每天8:30至17:00",
        )

    def _title(self) -> str:
        area, year = self._part.story.area, self._part.story.days.opens.year
        before = select(func.count()).where(Round.title.startswith(f"{area}{year}年"))
        return title_of(area, year, (self._part.scene.session.scalar(before) or 0) + 1)

    def advance(self, to: Phase, officer: Officer, reason: str, now: datetime) -> None:
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

    def shortlist(self, work: Work, now: datetime) -> None:
        """Merge the proposals that mean one work into a candidate."""
        facts = CandidateFacts(
            title=work.title,
            category=work.category,
            place=work.place,
            sentence=work.sentence,
            description=work.description,
            cost=work.cost * YUAN,
            beneficiaries=work.beneficiaries,
            picture=self._part.scene.papers.picture(work.title),
        )
        shortlist(
            self._part.scene.session,
            now=now,
            actor=self._part.secretary.actor,
            round_id=self._part.round.id,
            proposal_ids=self._proposals[work.title],
            facts=facts,
        )

    def read_roll(self, now: datetime) -> None:
        """Read the roll from a sheet in which not every row is right."""
        part, story = self._part, self._part.story
        header, *people = rows(
            story.people, buildings=story.buildings, on=story.days.closes, random=part.random,
            faults=True,
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
