from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.notices.rules import (
    named_round,
    notice_number,
    office_name,
    read_facts,
    read_number,
    short_category,
    whereabouts,
    write_facts,
)
from voting.permissions import Role


@dataclass(frozen=True)
class Row:
    title: str
    cost: int


@dataclass(frozen=True)
class Facts:
    title: str
    at: datetime
    day: date
    role: Role
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    counts: dict[str, int]
    note: str | None = None
    demo: bool = False


FACTS = Facts(
    title="关于“甲”的公示",
    at=datetime(2026, 11, 23, 2, tzinfo=UTC),
    day=date(2026, 11, 24),
    role=Role.STREET_OFFICER,
    rows=(Row("坡道", 800_000), Row("凉亭", 0)),
    names=("李敏",),
    counts={"card": 3},
)


def test_facts_come_back_as_they_were_written():
    assert read_facts(Facts, write_facts(FACTS)) == FACTS


def test_facts_are_written_in_one_way_only():
    text = write_facts(FACTS)
    assert text.startswith(
        '{"at":"2026-11-23T02:00:00+00:00","counts":{"card":3},"day":"2026-11-24"'
    )
    assert ": " not in text


def test_a_moment_is_written_in_utc_wherever_it_was_taken():
    @dataclass(frozen=True)
    class When:
        at: datetime

    shanghai = timezone(timedelta(hours=8))
    there = When(datetime(2026, 11, 23, 10, tzinfo=shanghai))
    assert write_facts(there) == '{"at":"2026-11-23T02:00:00+00:00"}'


@pytest.mark.parametrize("value", [0.5, datetime(2026, 1, 1), b"bytes", {1, 2}])  # noqa: DTZ001 -- the point of the test
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError):
        write_facts([value])


@pytest.mark.parametrize("text", ['{"title":1,"cost":2}', '{"title":"a"}', '{"title":"a","x":1}'])
def test_other_json_is_no_facts(text):
    with pytest.raises(TypeError):
        read_facts(Row, text)


@given(st.text(), st.integers())
def test_any_text_and_any_whole_number_survive(title, cost):
    row = Row(title, cost)
    assert read_facts(Row, write_facts(row)) == row


def test_numbers_count_within_a_year():
    assert notice_number(2026, 3) == "2026-0003"
    assert notice_number(2026, 12345) == "2026-12345"
    assert read_number("2026-0003") == (2026, 3)


@pytest.mark.parametrize("text", ["", "2026", "2026-3", "26-0003", "2026-0003\n", "２０２６-0003"])
def test_other_texts_are_no_numbers(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("street", "office"),
    [
        ("南站街道", "南站街道办事处"),
        ("桃花镇", "桃花镇人民政府"),
        ("南站街道办事处", "南站街道办事处"),
        ("西湖区", "西湖区"),
    ],
)
def test_the_office_of_a_street_signs(street, office):
    assert office_name(street) == office


@pytest.mark.parametrize(
    ("scope", "where"),
    [
        ("", "南烟小区范围内"),
        ("在朝阳小区居住、工作或学习的居民", "朝阳小区"),
        ("朝阳小区生活的人", "朝阳小区"),
        ("站南巷社区范围内", "站南巷社区范围内"),
    ],
)
def test_where_people_must_live_stands_between_two_words(scope, where):
    assert whereabouts(scope, "南烟小区") == where


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("南烟小区2026年“幸福微实事”项目票决", "南烟小区2026年“幸福微实事”"),
        ("南烟小区2026年“幸福微实事”项目", "南烟小区2026年“幸福微实事”"),
        ("南烟小区2026年“幸福微实事”", "南烟小区2026年“幸福微实事”"),
    ],
)
def test_a_title_does_not_say_twice_that_it_is_a_vote(title, named):
    assert named_round(title) == named


def test_a_narrow_column_says_categories_shortly():
    names = [short_category(name) for name in ("工程类", "设备采购类", "服务采购类", "")]
    assert names == ["工程", "设备", "服务", ""]
