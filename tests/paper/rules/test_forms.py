import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.paper.rules.forms import first_line, rotated, suggested_versions


def test_the_first_version_is_the_list_itself():
    assert rotated("abcdef", version=1, versions=3) == tuple("abcdef")


def test_the_second_of_two_begins_in_the_middle_and_goes_round():
    assert rotated((1, 2, 3, 4, 5), version=2, versions=2) == (3, 4, 5, 1, 2)


@given(count=st.integers(0, 60), versions=st.integers(1, 8), data=st.data())
def test_each_version_shows_each_line_once(count: int, versions: int, data: st.DataObject):
    version = data.draw(st.integers(1, versions))
    assert sorted(rotated(range(count), version=version, versions=versions)) == list(range(count))
    assert (
        first_line(count, version=version, versions=versions) == (version - 1) * count // versions
    )


@pytest.mark.parametrize("version", [0, 3])
def test_a_form_has_no_other_versions(version: int):
    with pytest.raises(ValueError, match="no such version"):
        rotated((1, 2), version=version, versions=2)


def test_a_list_seen_at_a_glance_needs_one_version():
    assert [suggested_versions(number) for number in (1, 6, 7, 60)] == [1, 1, 2, 2]
