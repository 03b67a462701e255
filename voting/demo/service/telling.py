"""A story becomes dated acts. Within a round hours go forward; rounds are told side by side."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from voting.accounts.models import Officer
from voting.clock import at_local
from voting.demo.rules.stories import days_between, shares
from voting.demo.rules.voices import voices_for
from voting.demo.service.delivering import Delivering
from voting.demo.service.ending import Ending
from voting.demo.service.fates import Fates
from voting.demo.service.keeping import keep_key
from voting.demo.service.preparing import Preparing
from voting.demo.service.samples import add_samples
from voting.demo.service.scene import Act, Part
from voting.demo.service.voting import Voting
from voting.rounds.rules import Phase

_COUNTERS = (
    ("monitor", "居民代表甲"),
    ("monitor", "居民代表乙"),
    ("monitor", "居民代表丙"),
    ("teller", "居民代表丁"),
)
# How long papers, and people, cards and ballots by the hundred take, measured in milliseconds.
_PAPER, _LATER, _PERSON, _CARD, _BALLOT = 1100, 10, 0.2, 0.1, 0.5


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
            Phase.PENDING_APPROVAL: self._submitting,
            Phase.COLLECTING: self._collecting,
            Phase.SCREENING: self._screening,
            Phase.DELIBERATING: self._deliberating,
            Phase.SHORTLISTED: self._listing,
            Phase.VOTE_ANNOUNCED: self._announcing,
            Phase.VOTING: self._voting_days,
            Phase.RESULT_REVIEW: self._counting,
            Phase.PUBLICITY: self._declaring,
        }
        part, preparing = self._part, self._preparing
        told = [
            act
            for phase, tell in chapters.items()
            if part.story.has_reached(phase)
            for act in tell()
        ]
        fates = Fates(part, self._yesterday).acts()
        delivered = Delivering(part, preparing, self._yesterday).acts()
        return [*told, *fates, *delivered, *Ending(part, preparing, self._voting).acts()]

    def _draft(self) -> Iterator[Act]:
        yield Act(at_local(self._days.approved, 9, 10), self._preparing.create)

    def _submitting(self) -> Iterator[Act]:
        yield self._step(self._days.approved, 10, Phase.PENDING_APPROVAL, self._part.worker)

    def _collecting(self) -> Iterator[Act]:
        part, approved = self._part, self._days.approved
        yield self._step(approved, 15, Phase.COLLECTING, part.street)
        works = {work.title: work for work in part.story.candidates}
        voices = voices_for(part.story.candidates, part.story.merged)
        part.random.shuffle(voices)
        days = days_between(approved + timedelta(days=1), self._last_collected)
        for day, number in zip(days, shares(len(voices), len(days)), strict=True):
            for turn in range(number):
                voice = voices.pop()
                enter = partial(self._preparing.enter, voice, works[voice.work])
                yield Act(at_local(day, 9) + timedelta(minutes=4 * turn), enter, 3)

    def _screening(self) -> Iterator[Act]:
        """Proposals are put together the day after the last came; a day later the street reviews."""
        works = self._part.story.candidates
        for hour, day, do in (
            (9, self._days.screened, self._preparing.put_together),
            (9, self._days.screened + timedelta(days=1), self._preparing.review),
        ):
            for turn, work in enumerate(works):
                yield Act(at_local(day, hour) + timedelta(minutes=turn), partial(do, work), 8)

    def _deliberating(self) -> Iterator[Act]:
        yield self._step(self._days.deliberating, 11, Phase.DELIBERATING, self._part.worker)

    def _listing(self) -> Iterator[Act]:
        part, days = self._part, self._days
        read = at_local(days.deliberating, 16)
        yield Act(read, self._preparing.read_roll, int(part.story.people * _PERSON))
        for turn, work in enumerate(part.story.works):
            listed = at_local(days.shortlisted, 14) + timedelta(minutes=turn)
            yield Act(listed, partial(self._preparing.choose, work), 5)
        meet = partial(self._preparing.meet, days.shortlisted)
        yield Act(at_local(days.shortlisted, 16, 5), meet, 5)
        for turn, (duty, name) in enumerate(_COUNTERS):
            appoint = partial(self._preparing.appoint, duty, name)
            yield Act(at_local(days.shortlisted, 17, turn), appoint)
        yield Act(at_local(days.shortlisted, 17, 30), self._keep_key, 4)

    def _keep_key(self, now: datetime) -> None:
        keep_key(self._part.scene, self._part.street, self._part.round, now)

    def _announcing(self) -> Iterator[Act]:
        day, story = self._days.announced, self._part.story
        yield self._step(day, 10, Phase.VOTE_ANNOUNCED, self._part.street)
        yield Act(at_local(day, 10, 30), self._voting.issue_paper, self._paper)
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
            yield Act(at_local(day, 16, 30), self._voting.seal, _LATER)

    def _counting(self) -> Iterator[Act]:
        day, part = self._days.closes, self._part
        yield Act(at_local(day, 17, 10), partial(self._voting.approve, part.secretary))
        yield Act(at_local(day, 17, 12), partial(self._voting.approve, part.street))
        yield Act(at_local(day, 17, 15), self._voting.count, int(part.story.cast * _CARD))
        yield Act(at_local(day, 17, 20), self._voting.seal, _LATER)
        yield self._step(day, 18, Phase.RESULT_REVIEW, part.secretary)

    def _declaring(self) -> Iterator[Act]:
        posted = self._days.posted or self._yesterday
        yield Act(at_local(posted, 9, 30), self._voting.declare, self._paper)
        post = partial(self._voting.post, self._preparing, posted)
        yield Act(at_local(posted, 10, 5), post, 5)

    @property
    def _last_collected(self) -> date:
        """The last day until today on which proposals came."""
        last = min(self._days.collecting_until, self._yesterday)
        if self._part.story.ends is Phase.PAUSED and self._days.aside:
            return min(last, self._days.aside - timedelta(days=1))
        return last

    @property
    def _paper(self) -> int:
        return _PAPER if self._part.story.prints else _LATER

    def _add_samples(self, now: datetime) -> None:
        add_samples(self._part.scene, now=now, round_id=self._part.round.id)

    def _step(self, day: date, hour: int, to: Phase, officer: Officer) -> Act:
        at: datetime = at_local(day, hour, 5)
        return Act(at, partial(self._preparing.advance, to, officer), 5)
