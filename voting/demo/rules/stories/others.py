"""A small round in every other phase, so that each page can be seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from voting.demo.rules.fates import FATES
from voting.demo.rules.places import CHAOYANG, HEPAN, ZHANNAN
from voting.demo.rules.stories.shape import VOTE_LENGTH, Days, Story, days_before, last_worked
from voting.demo.rules.works import WORKS
from voting.rounds.rules import Phase


def other_stories(today: date) -> list[Story]:
    """Return these rounds as they stand on a day."""
    told = [*_preparing(today), *_halted(today), *_deciding(today), *_delivering(today)]
    return [_voted(story) if story.has_reached(Phase.VOTING) else story for story in told]


def _day(today: date, number: int) -> date:
    return today + timedelta(days=number)


def _preparing(today: date) -> Iterator[Story]:
    waiting = days_before(_day(today, 60))
    yield Story(
        area="站南巷东院", office=ZHANNAN, ends=Phase.PENDING_APPROVAL, budget=200_000, seed=31,
        days=replace(waiting, approved=last_worked(_day(today, -1))),
    )  # fmt: skip
    yield Story(
        area="河畔社区", office=HEPAN, ends=Phase.SCREENING, budget=300_000, seed=32,
        days=days_before(_day(today, 19)), fates=FATES, works=WORKS[8:11],
    )  # fmt: skip
    yield Story(
        area="河畔东苑", office=HEPAN, ends=Phase.DELIBERATING, budget=300_000, seed=33,
        days=days_before(_day(today, 14)), works=WORKS[12:18], unfit=WORKS[36], merged=1,
    )  # fmt: skip
    yield Story(
        area="河畔西苑", office=HEPAN, ends=Phase.SHORTLISTED, budget=300_000, seed=34,
        days=days_before(_day(today, 8)), works=WORKS[18:24], spare=WORKS[25], people=60,
        buildings=3,
    )  # fmt: skip
    yield Story(
        area="朝阳小区社区", office=CHAOYANG, ends=Phase.COLLECTING, budget=100_000, seed=35,
        days=days_before(
            _day(today, 20), approved=22, until=13, deliberating=10, shortlisted=7
        ), works=WORKS[4:7],
        kind="rehearsal",
    )  # fmt: skip


def _halted(today: date) -> Iterator[Story]:
    yield Story(
        area="河畔南苑", office=HEPAN, ends=Phase.PAUSED, budget=200_000, seed=41,
        works=WORKS[26:29],
        days=replace(days_before(_day(today, 44), approved=50, until=35), aside=_day(today, -2)),
    )  # fmt: skip
    yield Story(
        area="河畔北苑", office=HEPAN, ends=Phase.TERMINATED, budget=200_000, seed=42,
        works=WORKS[29:31],
        days=replace(days_before(_day(today, 12)), aside=_day(today, -2)),
    )  # fmt: skip
    void = days_before(_day(today, -VOTE_LENGTH - 5))
    yield Story(
        area="站南巷南院", office=ZHANNAN, ends=Phase.VOTE_VOID, budget=250_000, seed=43,
        works=WORKS[2:8], days=replace(void, aside=void.closes, again=_day(today, 6)),
    )  # fmt: skip


def _deciding(today: date) -> Iterator[Story]:
    yield Story(
        area="站南巷西院", office=ZHANNAN, ends=Phase.RESULT_REVIEW, budget=250_000, seed=51,
        works=WORKS[8:14], days=days_before(_day(today, -VOTE_LENGTH)),
    )  # fmt: skip
    posted = last_worked(_day(today, -2))
    yield Story(
        area="河畔新苑", office=HEPAN, ends=Phase.OBJECTION, budget=250_000, seed=52,
        works=WORKS[14:20], days=_posted(posted, aside=_day(today, -1)),
    )  # fmt: skip
    yield Story(
        area="站南巷北院", office=ZHANNAN, ends=Phase.CONFIRMED, budget=250_000, seed=53,
        works=WORKS[20:26], days=_posted(last_worked(_day(today, -23))),
    )  # fmt: skip


def _delivering(today: date) -> Iterator[Story]:
    """Rounds of the last two years, told from the proposals to the works."""
    yield Story(
        area="朝阳小区", office=CHAOYANG, ends=Phase.IMPLEMENTING, budget=1_300_000, seed=61,
        works=WORKS[:22], days=_posted(last_worked(_day(today, -200))),
    )  # fmt: skip
    yield Story(
        area="江西木材厂家属院", office=CHAOYANG, ends=Phase.CLOSED, budget=200_000, seed=62,
        works=WORKS[33:37], days=_posted(last_worked(_day(today, -400))),
    )  # fmt: skip
    yield Story(
        area="南烟小区", office=CHAOYANG, ends=Phase.ARCHIVED, budget=200_000, seed=63,
        works=WORKS[12:16], days=_posted(last_worked(_day(today, -640))),
    )  # fmt: skip


def _posted(posted: date, *, aside: date | None = None) -> Days:
    return replace(days_before(posted - timedelta(days=VOTE_LENGTH)), posted=posted, aside=aside)


def _voted(story: Story) -> Story:
    """Return the story of a round in which a few dozen people have voted."""
    return replace(story, people=60, buildings=3, cards=50, handed=44, cast=40)
