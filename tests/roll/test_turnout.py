"""Turnout of parts of the roll: small parts stand together, and nobody can take them apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.roll.rules.turnout import Part, band_name, place_name, shown_bands, shown_places


def part(name, listed, marked):
    return Part((name,), listed, marked)


def told(parts):
    return [(one.names, one.listed, one.marked) for one in parts]


def test_a_small_band_goes_with_its_smaller_neighbour():
    bands = [
        part("15-17", 12, 4),
        part("18-34", 200, 80),
        part("35-59", 300, 150),
        part("70+", 30, 25),
    ]
    assert told(shown_bands(bands)) == [
        (("15-17", "18-34"), 212, 84), (("35-59", "70+"), 330, 175),
    ]  # fmt: skip


def test_a_roll_of_one_band_or_of_too_few_people_tells_nothing():
    assert shown_bands([part("18-34", 200, 80)]) == []
    assert shown_bands([part("18-34", 11, 5), part("35-59", 12, 4)]) == []
    assert shown_places([part("1栋", 200, 80)]) == []
    assert shown_places([]) == []


def test_small_buildings_stand_together_behind_the_others():
    places = [part("10栋", 60, 30), part("2栋", 80, 40), part("3栋", 15, 9), part("", 14, 3)]
    assert told(shown_places(places)) == [
        (("2栋",), 80, 40), (("10栋",), 60, 30), (("", "3栋"), 29, 12),
    ]  # fmt: skip


def test_a_single_small_building_takes_another_with_it():
    places = [part("1栋", 60, 30), part("2栋", 80, 40), part("3栋", 100, 95)]
    assert told(shown_places(places)) == [(("2栋",), 80, 40), (("1栋", "3栋"), 160, 125)]


def test_no_more_lines_than_a_page_takes():
    places = [part(f"{number}栋", 50 + number, 25) for number in range(1, 100)]
    lines = shown_places(places, most=10)
    assert len(lines) == 10
    assert len(lines[-1].names) == 90
    assert lines[0].names == ("91栋",)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("18-34",), "18—34 周岁"),
        (("15-17", "18-34"), "15—34 周岁"),
        (("60-69", "70+"), "60 周岁以上"),
        (("70+", ""), "70 周岁以上、没有记录年龄"),
    ],
)
def test_bands_have_names(names, said):
    assert band_name(Part(names, 1, 1)) == said


def test_places_have_names():
    assert place_name(part("", 1, 1)) == "没有填楼栋"
    assert place_name(Part(("", "3栋"), 1, 1)) == "没有填楼栋、3栋合计"
    assert place_name(Part(tuple("一二三四"), 1, 1)) == "其余 4 处合计"


parts = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda it: (max(it), min(it))), max_size=9
).map(lambda them: [part(f"{place}栋", *one) for place, one in enumerate(them)])


@given(parts, st.sampled_from([shown_bands, shown_places]))
def test_nothing_small_is_told_nothing_is_lost_and_no_part_follows_from_a_sum(given_, show):
    lines = show(given_)
    if not lines:
        return
    assert len(lines) > 1
    assert min(line.least for line in lines) >= 10
    assert sum(line.listed for line in lines) == sum(one.listed for one in given_)
    assert sum(line.marked for line in lines) == sum(one.marked for one in given_)
    known = {one.names[0]: one for one in given_}
    for line in lines:
        for name in line.names if len(line.names) > 1 else ():
            # Even who knows how many live in every building finds more than one number that fits.
            one = known[name]
            most = min(one.listed, line.marked)
            fewest = max(0, line.marked - (line.listed - one.listed))
            assert fewest < most
    alone = {line.names[0] for line in lines if len(line.names) == 1}
    assert all(known[name].least >= 10 for name in alone)
