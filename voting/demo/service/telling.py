"""A story becomes dated acts. Within a round hours go forward; rounds are told side by side."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from voting.accounts.models import Officer
from voting.clock import at_local
from voting.demo.rules.stories import days_between, shares
from voting.demo.rules.voices import voices_for
from voting.demo.service.preparing import Preparing
from voting.demo.service.samples import add_samples
from voting.demo.service.scene import Act, Part
from voting.demo.service.voting import Voting
from voting.rounds.rules import STRAIGHT_PATH, Phase

_COUNTERS = (("monitor", "居民代表甲"), ("monitor", "居民代表乙"), ("teller", "居民代表丙"))
# How long papers, and people, cards and ballots by the hundred take, measured in milliseconds.
_PAPER, _PERSON, _CARD, _BALLOT = 1100, 0.2, 0.1, 0.5


class Telling:
    """Tells the story of one round."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._days = part.story.days
        self._preparing = Preparing(part)
        self._voting = Voting(part)
        self._yesterday = part.today - timedelta(days=1)

    def acts(self) -> list[Act]:
        """Return what has been done until yesterday, chapter by chapter."""
        chapters = {
            Phase.DRAFT: self._draft,
            Phase.COLLECTING: self._collecting,
            Phase.SHORTLISTED: self._listing,
            Phase.VOTE_ANNOUNCED: self._announcing,
            Phase.VOTING: self._voting_days,
            Phase.RESULT_REVIEW: self._counting,
            Phase.PUBLICITY: self._declaring,
        }
        behind = STRAIGHT_PATH[: STRAIGHT_PATH.index(self._part.story.ends) + 1]
        return [act for phase, tell in chapters.items() if phase in behind for act in tell()]

    def _draft(self) -> Iterator[Act]:
        yield Act(at_local(self._days.approved, 9, 10), self._preparing.create)

    def _collecting(self) -> Iterator[Act]:
        part, approved = self._part, self._days.approved
        yield self._step(approved, 10, Phase.PENDING_APPROVAL, part.worker)
        yield self._step(approved, 15, Phase.COLLECTING, part.street)
        works = {work.title: work for work in part.story.works}
        voices = voices_for(part.story.works, part.story.merged)
        part.random.shuffle(voices)
        days = days_between(
            approved + timedelta(days=1), min(self._days.collecting_until, self._yesterday)
        )
        for day, number in zip(days, shares(len(voices), len(days)), strict=True):
            for turn in range(number):
                voice = voices.pop()
                enter = partial(self._preparing.enter, voice, works[voice.work])
                yield Act(at_local(day, 9) + timedelta(minutes=4 * turn), enter, 3)

    def _listing(self) -> Iterator[Act]:
        part, days = self._part, self._days
        screened = days.collecting_until + timedelta(days=1)
        yield self._step(screened, 9, Phase.SCREENING, part.worker)
        talked = "召开座谈会，逐条听居民的意见"
        yield self._step(days.deliberating, 11, Phase.DELIBERATING, part.worker, talked)
        read = at_local(days.deliberating, 16)
        yield Act(read, self._preparing.read_roll, int(part.story.people * _PERSON))
        meeting = at_local(days.shortlisted, 14)
        for turn, work in enumerate(part.story.works):
            listed = meeting + timedelta(minutes=turn)
            yield Act(listed, partial(self._preparing.shortlist, work), 5)
        confirmed = part.story.meeting
        yield self._step(days.shortlisted, 16, Phase.SHORTLISTED, part.secretary, confirmed)
        for turn, (duty, name) in enumerate(_COUNTERS):
            appoint = partial(self._preparing.appoint, duty, name)
            yield Act(at_local(days.shortlisted, 17, turn), appoint)

    def _announcing(self) -> Iterator[Act]:
        day, story = self._days.announced, self._part.story
        yield self._step(day, 10, Phase.VOTE_ANNOUNCED, self._part.street)
        yield Act(at_local(day, 10, 30), self._voting.issue_paper, _PAPER)
        cards = int((story.cards + story.unprinted) * _CARD)
        yield Act(at_local(day, 15), self._voting.print_cards, cards)
        if story.ends in {Phase.VOTE_ANNOUNCED, Phase.VOTING}:
            yield Act(at_local(day, 15, 30), self._add_samples)

    def _voting_days(self) -> Iterator[Act]:
        """Cards are handed out every morning from the announcement on, ballots cast in the afternoon."""
        story, last = self._part.story, min(self._days.closes, self._yesterday)
        handing = days_between(self._days.announced + timedelta(days=1), last)
        for day, number in zip(handing, shares(story.handed, len(handing)), strict=True):
            hand_out = partial(self._voting.hand_out, number)
            yield Act(at_local(day, 10), hand_out, int(number * _BALLOT))
        voting = days_between(self._days.opens, last)
        for day, number in zip(voting, shares(story.cast, len(voting)), strict=True):
            cast = partial(self._voting.cast, number)
            yield Act(at_local(day, 16), cast, int(number * _BALLOT))

    def _counting(self) -> Iterator[Act]:
        day, part = self._days.closes, self._part
        yield Act(at_local(day, 17, 10), partial(self._voting.approve, part.secretary))
        yield Act(at_local(day, 17, 12), partial(self._voting.approve, part.street))
        yield Act(at_local(day, 17, 15), self._voting.count, int(part.story.cast * _CARD))
        yield self._step(day, 18, Phase.RESULT_REVIEW, part.secretary)

    def _declaring(self) -> Iterator[Act]:
        posted = self._days.posted or self._yesterday
        yield Act(at_local(posted, 9, 30), self._voting.declare, _PAPER)
        yield self._step(posted, 10, Phase.PUBLICITY, self._part.street)

    def _add_samples(self, now: datetime) -> None:
        add_samples(self._part.scene, now=now, round_id=self._part.round.id)

    def _step(self, day: date, hour: int, to: Phase, officer: Officer, reason: str = "") -> Act:
        at: datetime = at_local(day, hour, 5)
        return Act(at, partial(self._preparing.advance, to, officer, reason))
