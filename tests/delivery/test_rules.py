from datetime import date

import pytest

from voting.delivery.rules.conditions import (
    DayBeforeOpening,
    PersonMissing,
    Readiness,
    ReasonMissing,
    check_given,
    is_far_above,
    lacking,
    remarks,
)
from voting.delivery.rules.facts import DayAhead, Given, days_late
from voting.delivery.rules.numbering import next_code, prefix_of, short_name
from voting.delivery.rules.progress import (
    month_after,
    month_before,
    percent_of,
    read_month,
    written_state,
)
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import STEPS, Step, find_step, steps_from

TODAY = date(2026, 11, 23)


def _step(before: ProjectState, key: str) -> Step:
    found = find_step(before, key)
    assert found is not None
    return found


def _facts(**changes):
    base = {
        "target": "目标", "unit": "社区", "person": "周平", "milestones": 1, "milestones_done": 0,
        "has_photo_before": True, "has_photo_after": True, "has_measure_after": True,
        "voted": 100_00, "spent": 1, "today": TODAY,
    }  # fmt: skip
    return Readiness(**{**base, **changes})


def test_a_number_names_street_estate_year_and_count():
    prefix = prefix_of(["南站街道", "站南巷社区", "南烟小区"], 2026)
    assert prefix == "南站-站南巷-南烟-2026-"
    assert next_code(prefix, []) == "南站-站南巷-南烟-2026-001"
    taken = ["南站-站南巷-南烟-2026-009", "南站-站南巷-南烟-2026-1000", "别的-2026-5"]
    assert next_code(prefix, taken) == "南站-站南巷-南烟-2026-1001"
    assert prefix_of(["南站街道"], 2026, is_rehearsal=True) == "演练-南站-2026-"


def test_a_name_that_is_only_a_suffix_stays():
    assert [short_name(name) for name in ("街道", "桃花镇", "朝阳")] == ["街道", "桃花", "朝阳"]


def test_every_state_but_the_archive_leads_on_and_keys_are_unique():
    for state in ProjectState:
        keys = [step.key for step in steps_from(state)]
        assert len(keys) == len(set(keys))
        assert bool(keys) == (state is not ProjectState.ARCHIVED)


def test_everything_can_be_ended_before_it_is_done():
    ends = {step.before for step in STEPS if step.after is ProjectState.TERMINATED}
    over = {ProjectState.DONE, ProjectState.ARCHIVED, ProjectState.TERMINATED}
    assert ends == set(ProjectState) - over


def test_each_missing_thing_is_named_before_a_start():
    start = _step(ProjectState.CONTRACTED, "start")
    found = lacking(start, _facts(target="", unit="", person="", milestones=0))
    assert [type(one).__name__ for one in found] == [
        "TargetMissing", "UnitMissing", "ResponsibleMissing", "MilestoneMissing",
    ]  # fmt: skip
    assert lacking(start, _facts()) == []
    assert lacking(_step(ProjectState.TO_APPROVE, "approve"), _facts(target="")) == []


def test_what_comes_with_a_step_is_asked_for_in_words():
    accept = _step(ProjectState.COMPLETED, "accept")
    days = {"today": TODAY, "opened_on": date(2026, 11, 1)}
    with pytest.raises(PersonMissing):
        check_given(accept, "", Given(day=TODAY), **days)
    with pytest.raises(DayAhead):
        check_given(accept, "", Given(day=date(2026, 11, 24), person="监督小组"), **days)
    with pytest.raises(DayBeforeOpening):
        check_given(accept, "", Given(day=date(2026, 10, 31), person="监督小组"), **days)
    with pytest.raises(ReasonMissing):
        check_given(
            _step(ProjectState.IN_PROGRESS, "suspend"), "", Given(day=TODAY), **days
        )  # fmt: skip


def test_a_tenth_above_the_vote_is_allowed_a_cent_more_is_published_anew():
    assert not is_far_above(110_00, 100_00)
    assert is_far_above(110_01, 100_00)


def test_remarks_say_what_is_still_open():
    complete = _step(ProjectState.IN_PROGRESS, "complete")
    assert len(remarks(complete, _facts(has_photo_after=False))) == 2
    assert remarks(complete, _facts(milestones_done=1)) == []
    assert remarks(_step(ProjectState.TO_APPROVE, "approve"), _facts()) == []


def test_percent_is_100_only_when_all_is_done():
    assert [percent_of(*pair) for pair in ((0, 0), (1, 3), (199, 200), (3, 3))] == [0, 33, 99, 100]


def test_the_public_word_comes_first():
    assert written_state("suspended") == "建设中（停工）"
    assert written_state("archived", is_terminated=True) == "已终止（已归档）"
    assert written_state("terminated", is_terminated=True) == "已终止"


def test_lateness_counts_from_the_plan():
    plan = date(2026, 11, 20)
    assert days_late(plan, date(2026, 11, 22), TODAY) == 2
    assert days_late(plan, None, TODAY) == 3
    assert days_late(plan, date(2026, 11, 1), TODAY) == 0


def test_months_turn_at_the_year():
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)
    assert month_before(date(2026, 12, 1)) == date(2026, 11, 1)
    assert read_month("2026-11") == date(2026, 11, 1)
    assert [read_month(text) for text in ("", "2026-13", "x-1", "2026", "0-1")] == [None] * 5
