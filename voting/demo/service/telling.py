"""One round of the demo, told act by act through the use cases that officers use.

The order within a day is that of the hours below; hours of one round never go back.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import func, select

from voting.adapters.spreadsheets import read_table, write_csv
from voting.areas.models import Area
from voting.cards.rules import PrintedCard
from voting.cards.service import cards_of, confirm_printed, issue_batch
from voting.clock import at_local, local_day
from voting.conduct.service import advance, appoint
from voting.demo.rules.people import rows
from voting.demo.rules.stories import Story, title_of
from voting.demo.rules.voices import Voice, voices_for
from voting.demo.service.declaring import declare_result, issue_vote_paper
from voting.demo.service.scene import Act, Scene
from voting.demo.service.turnout import Turnout
from voting.journal.rules import Actor
from voting.proposals.rules import CandidateFacts, ProposalFacts
from voting.proposals.service import enter_proposal, shortlist
from voting.roll.service import import_roll
from voting.rounds.models import Round
from voting.rounds.rules import STRAIGHT_PATH, Phase, Plan
from voting.rounds.service import create_round
from voting.tally.service import approve_opening
from voting.tally.service import count as count_urn

_COUNTERS = (
    ("monitor", "居民代表甲"), ("monitor", "居民代表乙"), ("teller", "居民代表丙"),
)  # fmt: skip
_PAPER, _HUNDRED_ROWS = 120, 10


class Telling:
    """Tells one story; the round exists from its first act on."""

    def __init__(self, scene: Scene, story: Story, *, today: date) -> None:
        self._scene = scene
        self._story = story
        self._today = today
        self._random = Random(story.seed)  # noqa: S311 -- who likes what, no secret
        self._proposals: dict[str, list[str]] = {}
        self._cards: list[PrintedCard] = []
        self._round: Round
        office = story.office
        self._worker, self._secretary, self._street = (
            scene.officer(name) for name in (office.worker, office.secretary, office.street)
        )

    def acts(self) -> list[Act]:
        """Return what has been done so far, in order."""
        path = STRAIGHT_PATH[: STRAIGHT_PATH.index(self._story.ends) + 1]
        return [act for phase in path if phase in _CHAPTERS for act in _CHAPTERS[phase](self)]

    def draft(self) -> Iterator[Act]:
        """The plan is written."""
        yield Act(self._at(self._story.days.approved, 9, 10), self._create)

    def approval(self) -> Iterator[Act]:
        """The plan is sent to the street and approved."""
        day = self._story.days.approved
        yield self._step(day, 10, Phase.PENDING_APPROVAL, self._worker.actor)
        yield self._step(day, 15, Phase.COLLECTING, self._street.actor)
        yield from self._entering()

    def list_made(self) -> Iterator[Act]:
        """Proposals are sorted, talked over, merged into a list; the roll is read."""
        story, days = self._story, self._story.days
        screened = days.collecting_until + timedelta(days=1)
        yield self._step(screened, 9, Phase.SCREENING, self._worker.actor)
        talk = "召开座谈会，逐条听居民的意见"
        yield self._step(days.deliberating, 11, Phase.DELIBERATING, self._worker.actor, talk)
        size = story.people // 100 * _HUNDRED_ROWS
        yield Act(self._at(days.deliberating, 16), self._import, size)
        begins = self._at(days.shortlisted, 14)
        for index in range(len(story.works)):
            yield Act(begins + timedelta(minutes=index), self._shortlisting(index), 4)
        yield self._step(
            days.shortlisted, 16, Phase.SHORTLISTED, self._secretary.actor, story.meeting
        )
        for minutes, (duty, name) in enumerate(_COUNTERS):
            yield Act(self._at(days.shortlisted, 17, minutes), self._appointing(duty, name))

    def announcement(self) -> Iterator[Act]:
        """The street announces the vote; cards are printed."""
        day = self._story.days.announced
        yield self._step(day, 17, Phase.VOTE_ANNOUNCED, self._street.actor)
        yield Act(self._at(day, 17, 20), self._announce, _PAPER)
        yield Act(self._at(day, 17, 40), self._issue, self._story.cards // 10)

    def vote(self) -> Iterator[Act]:
        """Cards are handed out from the day after the announcement, and ballots cast, until yesterday."""
        days, story = self._story.days, self._story
        turnout = Turnout(self._scene, self._random, most=story.most)
        yesterday = min(days.closes, self._today - timedelta(days=1))
        handing = _days(days.announced + timedelta(days=1), yesterday)
        for day, number in zip(handing, _shares(story.handed, len(handing)), strict=True):
            hand = self._with_round(turnout.hand_out, number)
            yield Act(self._at(day, 10), hand, number)
        voting = _days(days.opens, yesterday)
        for day, number in zip(voting, _shares(story.cast, len(voting)), strict=True):
            yield Act(self._at(day, 16), self._casting(turnout, number), number)

    def count(self) -> Iterator[Act]:
        """Two officers open the urn on the evening of the last day; the count goes to the street."""
        day = self._story.days.closes
        yield Act(self._at(day, 17, 10), self._approving(self._secretary.id))
        yield Act(self._at(day, 17, 12), self._approving(self._street.id))
        yield Act(self._at(day, 17, 15), self._count, self._story.cast // 2)
        yield self._step(day, 18, Phase.RESULT_REVIEW, self._secretary.actor)

    def declaration(self) -> Iterator[Act]:
        """The street declares the result and posts its notice."""
        posted = self._story.days.posted
        if posted is None:
            raise ValueError("a result is posted on some day")
        yield Act(self._at(posted, 9), self._declare, _PAPER)
        yield self._step(posted, 10, Phase.PUBLICITY, self._street.actor)

    def _at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return at_local(day, hour, minute)

    def _step(self, day: date, hour: int, to: Phase, actor: Actor, reason: str = "") -> Act:
        def advancing(now: datetime) -> None:
            scene = self._scene
            advance(
                scene.session, now=now, actor=actor, keys=scene.keys, round_id=self._round.id,
                to=to, reason=reason, config=scene.config,
            )  # fmt: skip

        return Act(self._at(day, hour, 5), advancing)

    def _create(self, now: datetime) -> None:
        area = self._scene.area(self._story.area, inside=self._worker.area)
        self._round = create_round(
            self._scene.session,
            now=now,
            actor=self._worker.actor,
            area_id=area.id,
            plan=self._plan(area),
        )

    def _plan(self, area: Area) -> Plan:
        story, days, office = self._story, self._story.days, self._story.office
        return Plan(
            title=self._title(area),
            scope=f"在{area.name}居住、工作或学习的居民",
            budget=story.budget * 100,
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

    def _title(self, area: Area) -> str:
        year = self._story.days.opens.year
        titles = select(func.count()).where(
            Round.area_id == area.id, Round.title.startswith(f"{area.name}{year}年")
        )
        return title_of(area.name, year, (self._scene.session.scalar(titles) or 0) + 1)

    def _entering(self) -> Iterator[Act]:
        story, days = self._story, self._story.days
        voices = voices_for(story.works, story.merged)
        self._random.shuffle(voices)
        last = min(days.collecting_until, self._today - timedelta(days=1))
        working = _days(days.approved + timedelta(days=1), last)
        waiting = iter(voices)
        for day, number in zip(working, _shares(len(voices), len(working)), strict=True):
            for index, voice in zip(range(number), waiting, strict=False):
                yield Act(self._at(day, 9) + timedelta(minutes=4 * index), self._enter(voice), 4)

    def _enter(self, voice: Voice) -> Callable[[datetime], None]:
        work = next(work for work in self._story.works if work.title == voice.work)
        name = self._random.choice("张王李刘陈杨黄赵吴周") + "某某"

        def entering(now: datetime) -> None:
            scene = self._scene
            facts = ProposalFacts(
                title=voice.title, category=work.category, place=work.place,
                reason=voice.reason, proposer_name=name,
            )  # fmt: skip
            entered = enter_proposal(
                scene.session, now=now, actor=self._worker.actor, keys=scene.keys,
                round_id=self._round.id, facts=facts,
            )  # fmt: skip
            self._proposals.setdefault(work.title, []).append(entered.id)

        return entering

    def _shortlisting(self, index: int) -> Callable[[datetime], None]:
        work = self._story.works[index]

        def listing(now: datetime) -> None:
            shortlist(
                self._scene.session,
                now=now,
                actor=self._secretary.actor,
                round_id=self._round.id,
                proposal_ids=self._proposals[work.title],
                facts=CandidateFacts(
                    title=work.title, category=work.category, place=work.place,
                    sentence=work.sentence, description=work.description, cost=work.cost * 100,
                    beneficiaries=work.beneficiaries,
                ),
            )  # fmt: skip

        return listing

    def _import(self, now: datetime) -> None:
        story, scene = self._story, self._scene
        header, *people = rows(
            story.people, buildings=story.buildings, on=story.days.closes, random=self._random,
            faults=True,
        )  # fmt: skip
        import_roll(
            scene.session,
            now=now,
            actor=self._worker.actor,
            keys=scene.keys,
            round_id=self._round.id,
            rows=read_table(write_csv(header, people)),
            file_name=f"{story.area}名册.csv",
        )
