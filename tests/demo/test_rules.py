from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from random import Random

import pytest
from PIL import Image

from voting.adapters.pictures import clean_picture
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import find_step
from voting.demo.rules.deliveries import EVERY_STATE, course_to
from voting.demo.rules.drawing import Box, Disc, Shape, draw
from voting.demo.rules.fates import FATES, Outcome
from voting.demo.rules.people import rows
from voting.demo.rules.pictures import picture_of
from voting.demo.rules.places import DESKS, HELP_NUMBER, PLACES
from voting.demo.rules.stories import days_between, shares, stories, title_of
from voting.demo.rules.voices import VOICES, voices_for
from voting.demo.rules.votes import choose, weights
from voting.demo.rules.works import MORE_WORKS, WORKS
from voting.permissions import Role
from voting.proposals.rules import DESCRIPTION_MOST, PLACE_MOST, SENTENCE_MOST, TITLE_MOST
from voting.roll.rules.entries import read_sheet
from voting.roll.rules.reading import Terms
from voting.rounds.rules import Phase

ON = date(2026, 11, 26)


def chance(seed=1):
    return Random(seed)  # noqa: S311 -- the same people in every run


def read_roll(sheet):
    return read_sheet(list(enumerate(sheet, 1)), Terms(ON, 15, birthday_counts=True, today=ON))


def test_everybody_on_a_made_up_roll_may_be_listed():
    reading = read_roll(rows(3110, buildings=36, on=ON, random=chance()))
    assert (len(reading.entries), reading.faults) == (3110, [])


def test_a_made_up_roll_can_have_the_faults_of_a_real_one():
    reading = read_roll(rows(812, buildings=12, on=ON, random=chance(), faults=True))
    assert (len(reading.entries), reading.repeated, reading.rejected) == (812, 3, 2)


def test_no_number_on_a_made_up_roll_has_the_address_code_of_a_county():
    sheet = rows(812, buildings=12, on=ON, random=chance(), faults=True)
    assert {number[:6] for _name, number, *_rest in sheet[1:]} == {"369999"}


def test_people_live_in_all_buildings_and_some_only_work_or_study_here():
    sheet = rows(812, buildings=12, on=ON, random=chance())
    houses = Counter(room.partition("栋")[0] for *_person, room in sheet[1:])
    assert set(houses) == {"", *(str(number) for number in range(1, 13))}
    assert set(Counter(basis for _name, _number, basis, _room in sheet[1:])) == {
        "居住", "工作", "学习",
    }  # fmt: skip


def test_a_ballot_has_at_most_ten_different_choices_and_every_work_gets_some():
    random = chance(2020)
    liked = weights(WORKS, random)
    ballots = [choose(liked, 10, random) for _ in range(2177)]
    assert all(1 <= len(set(ballot)) == len(ballot) <= 10 for ballot in ballots)
    votes = Counter(number for ballot in ballots for number in ballot)
    assert set(votes) == set(range(1, 40))
    assert min(votes, key=votes.__getitem__) == 39


def test_the_works_fit_a_ballot_and_the_reported_mix():
    for work in WORKS + MORE_WORKS:
        assert len(work.title) <= TITLE_MOST
        assert len(work.place) <= PLACE_MOST
        assert len(work.sentence) <= SENTENCE_MOST
        assert len(work.description) <= DESCRIPTION_MOST
    assert len({work.title for work in WORKS + MORE_WORKS}) == 44
    assert Counter(work.category for work in WORKS + MORE_WORKS) == {
        "engineering": 31, "equipment": 7, "service": 6,
    }  # fmt: skip


def test_38_of_the_39_works_fit_two_million_yuan_and_the_dearest_does_not():
    costs = [work.cost for work in WORKS]
    assert sum(costs[:-1]) <= 2_000_000 < sum(costs)
    assert costs[-1] == max(costs)


def test_each_voice_means_a_work_that_exists():
    assert {voice.work for voice in VOICES} <= {work.title for work in WORKS}


def test_a_list_without_the_works_they_mean_gets_no_voices():
    with pytest.raises(ValueError, match="only 0 voices"):
        voices_for(WORKS[33:36], 1)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_on_every_day_of_a_year_the_stories_fit_together(year):
    for today in days_between(date(year, 1, 1), date(year, 12, 31)):
        told = stories(today)
        assert [fault for story in told for fault in faults(story, today)] == [], today
        assert told[0].days.opens < today <= told[0].days.closes


def faults(story, today):
    days = story.days
    path = [days.approved, days.collecting_until, days.deliberating, days.shortlisted]
    path += [days.announced, days.opens, days.closes]
    if story.ends in {Phase.DRAFT, Phase.PENDING_APPROVAL}:
        path = [days.approved, days.opens]
    if any(before >= after for before, after in pairwise(path)):
        yield f"{story.area}: {path}"
    if last_act(story) >= today:
        yield f"{story.area}: {last_act(story)} has not come"
    if not story.cast <= story.handed <= min(story.cards, story.people):
        yield f"{story.area}: {story.cast} ballots, {story.handed} cards handed out"


def last_act(story):
    days = story.days
    if days.aside:
        return days.aside
    return {
        Phase.SCREENING: days.screened + timedelta(days=2),
        Phase.DELIBERATING: days.deliberating,
        Phase.SHORTLISTED: days.shortlisted,
        Phase.VOTE_ANNOUNCED: days.announced,
        Phase.VOTING: days.opens,
        Phase.COUNTING: days.closes,
        Phase.RESULT_REVIEW: days.closes,
        Phase.PUBLICITY: days.posted,
        Phase.CONFIRMED: days.confirmed,
        Phase.IMPLEMENTING: days.confirmed + timedelta(days=7),
        Phase.CLOSED: days.confirmed + timedelta(days=152),
        Phase.ARCHIVED: days.confirmed + timedelta(days=190),
    }.get(story.ends, days.approved)


def test_there_is_a_story_for_every_phase():
    told = stories(ON)
    assert {story.ends for story in told} == set(Phase)
    assert [story.kind for story in told].count("rehearsal") == 1


def test_928_forms_become_44_candidates_of_the_reported_mix():
    told = next(story for story in stories(ON) if story.area == "站南巷社区")
    assert len(voices_for(told.works, told.merged)) == 928
    assert len(told.works) == 44


@pytest.mark.parametrize("state", list(ProjectState))
def test_the_steps_of_a_work_lead_from_its_approval_to_its_state(state):
    here = ProjectState.TO_APPROVE
    keys = () if state is here else ("approve", *course_to(state).keys)
    for key in keys:
        step = find_step(here, key)
        assert step is not None, (here, key)
        here = step.after
    assert here is state
    assert state in EVERY_STATE


def test_a_final_account_hangs_out_longer_than_any_holiday():
    steps = dict(course_to(ProjectState.ARCHIVED).steps)
    assert steps["publish-final"] - steps["survey"] > 21


def test_what_becomes_of_proposals_from_phones_is_told_with_a_reason():
    assert {fate.outcome for fate in FATES} == set(Outcome)
    for fate in FATES:
        assert fate.reason or fate.outcome in {Outcome.WAITING, Outcome.ACCEPTED}
        assert bool(fate.answer) == (fate.outcome in {Outcome.UPHELD, Outcome.DISMISSED})


def test_the_meetings_of_nanyan_came_twelve_and_twenty_one_days_after_its_start():
    days = stories(ON)[0].days
    assert (days.deliberating - days.approved).days == 12
    assert (days.shortlisted - days.approved).days == 21


def test_some_works_are_drawn_and_a_drawing_is_a_picture():
    drawn = {work.title: picture_of(work.title) for work in WORKS}
    pictures = [picture for picture in drawn.values() if picture]
    assert len(pictures) == 14
    for picture in pictures:
        with Image.open(BytesIO(clean_picture(picture))) as image:
            assert image.size == (960, 720)
            assert len(image.getcolors(image.width * image.height) or []) > 4
    assert picture_of("没有这个项目") is None


@pytest.mark.parametrize(
    "part",
    [
        Box("red", 90, 60, 20, 20),
        Disc("red", 0, 0, 30),
        Shape("red", ((-9, -9), (120, 40), (-9, 90))),
    ],
)
def test_what_lies_over_the_edge_of_a_drawing_is_cut_off(part):
    with Image.open(BytesIO(draw("sky", [part]))) as image:
        colours = {colour for _count, colour in image.convert("RGB").getcolors() or []}
    assert colours == {(0xDF, 0xEA, 0xEC), (0xB4, 0x23, 0x2A)}


@pytest.mark.parametrize(("number", "days"), [(431, 5), (3, 7), (0, 4), (0, 0)])
def test_shares_add_up(number, days):
    shared = shares(number, days)
    assert len(shared) == days
    assert sum(shared) == number
    assert max(shared, default=0) - min(shared, default=0) <= 1


def test_days_between_holds_both_ends():
    assert days_between(ON, ON + timedelta(days=2)) == [ON + timedelta(days=n) for n in range(3)]
    assert days_between(ON, ON - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (1, "南烟小区2026年“幸福微实事”"),
        (2, "南烟小区2026年第二轮“幸福微实事”"),
        (12, "南烟小区2026年第12轮“幸福微实事”"),
    ],
)
def test_later_rounds_of_a_year_are_numbered(number, title):
    assert title_of("南烟小区", 2026, number) == title


def test_there_is_a_desk_for_every_role_and_only_landlines_nobody_has():
    assert {desk.role for desk in DESKS} == set(Role) - {Role.ADMINISTRATOR}
    numbers = [place.help_number for place in PLACES if place.help_number] + [HELP_NUMBER]
    assert all(number.startswith("0791-0000") for number in numbers)
