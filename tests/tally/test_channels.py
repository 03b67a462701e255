"""Votes by channel: what is shown never gives away what is not, whatever table a reader thinks of."""

from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from voting.tally.rules.channels import ChannelTable, together


def table(votes, ballots, *, uncounted=None, fewest=1, most=3, least=10):
    uncounted = dict.fromkeys(votes, 0) | (uncounted or {})
    return ChannelTable(
        votes=votes, ballots=ballots, uncounted=uncounted, fewest=fewest, most=most, least=least
    )


def shown(found):
    return {(one.channel, one.id): one.votes for one in found.shown()}


def test_what_is_large_enough_is_shown():
    found = table(
        {"card": {"1": 80, "2": 30}, "paper": {"1": 20, "2": 11}}, {"card": 100, "paper": 40}
    )
    assert shown(found) == {
        ("card", "1"): 80, ("card", "2"): 30, ("paper", "1"): 20, ("paper", "2"): 11,
    }  # fmt: skip
    assert {one.ballots for one in found.shown()} == {100, 40}


def test_a_small_cell_takes_the_next_larger_with_it_and_the_largest_stays():
    votes = {"assisted": {"1": 6}, "card": {"1": 700}, "paper": {"1": 60}}
    found = table(votes, {"assisted": 40, "card": 1800, "paper": 150})
    assert shown(found) == {("card", "1"): 700}


def test_nearly_everybody_is_as_telling_as_nearly_nobody():
    votes = {"card": {"1": 95, "2": 50}, "paper": {"1": 20, "2": 20}}
    assert set(shown(table(votes, {"card": 100, "paper": 40}))) == {("card", "2"), ("paper", "2")}


def test_two_small_cells_that_are_few_together_take_a_third():
    votes = {"assisted": {"1": 2}, "card": {"1": 50}, "paper": {"1": 3}}
    assert shown(table(votes, {"assisted": 30, "card": 90, "paper": 40})) == {}


def test_one_group_alone_or_a_small_one_shows_nothing():
    assert shown(table({"card": {"1": 30}}, {"card": 60})) == {}
    assert shown(table({"card": {"1": 30}, "paper": {"1": 3}}, {"card": 60, "paper": 9})) == {}


def test_one_hidden_project_would_follow_from_what_each_ballot_must_name():
    # Every ballot names exactly one project, and none is blank: each row adds up to its ballots.
    votes = {"card": {"1": 55, "2": 40, "3": 5}, "paper": {"1": 30, "2": 12, "3": 18}}
    found = table(votes, {"card": 100, "paper": 60}, fewest=1, most=1)
    # Project 3 alone could be subtracted; so another one is hidden with it.
    assert set(shown(found)) == {("card", "1"), ("paper", "1")}
    # A reader may know of which group a blank ballot was: paper without a choice never reaches the urn.
    blank = {"card": 1}
    known = table(votes, {"card": 101, "paper": 60}, uncounted=blank, fewest=1, most=1)
    assert set(shown(known)) == {("card", "1"), ("paper", "1")}


def test_whoever_may_name_more_than_one_leaves_a_hidden_project_alone():
    votes = {"card": {"1": 55, "2": 40, "3": 5}, "paper": {"1": 30, "2": 12, "3": 18}}
    free = table(votes, {"card": 95, "paper": 55}, fewest=1, most=2)
    assert {id for _, id in shown(free)} == {"1", "2"}


def test_figures_of_channels_are_added_up_for_their_group():
    by_channel = {"card": {"1": 3}, "assisted": {"1": 2}, "paper": {"1": 9}}
    assert together(["assisted+card", "paper"], by_channel) == {
        "assisted+card": {"1": 5}, "paper": {"1": 9},
    }  # fmt: skip


@st.composite
def tables(draw):
    groups, ids = draw(st.sampled_from([(2, 1), (2, 2), (3, 1)]))
    most = draw(st.integers(1, ids))
    fewest = draw(st.integers(1, most))
    ballots, votes, uncounted = {}, {}, {}
    for group in "gpr"[:groups]:
        blank = draw(st.integers(0, 1))
        counted = draw(st.lists(
            st.sets(st.sampled_from("12"[:ids]), min_size=fewest, max_size=most), min_size=4, max_size=7,
        ))  # fmt: skip
        ballots[group], uncounted[group] = len(counted) + blank, blank
        votes[group] = {id: sum(id in one for one in counted) for id in "12"[:ids]}
    return table(votes, ballots, uncounted=uncounted, fewest=fewest, most=most, least=2)


def thinkable(found, told):
    """Yield every table with the published sums and the shown cells."""
    groups, ids = list(found.votes), found.ids
    counted = {group: found.ballots[group] - found.uncounted[group] for group in groups}
    cells = [(group, id) for group in groups for id in ids]
    total = {id: sum(found.votes[group][id] for group in groups) for id in ids}
    ranges = [[told[cell]] if cell in told else range(counted[cell[0]] + 1) for cell in cells]
    for values in product(*ranges):
        thought = dict(zip(cells, values, strict=True))
        rows = {group: sum(thought[group, id] for id in ids) for group in groups}
        if all(sum(thought[group, id] for group in groups) == total[id] for id in ids) and all(
            max(1, found.fewest) * counted[group] <= rows[group] <= found.most * counted[group]
            for group in groups
        ):
            yield thought


@given(tables())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_no_hidden_cell_follows_from_what_is_shown(found):
    told = shown(found)
    assume(told)
    for (group, id), votes in told.items():
        assert votes == found.votes[group][id]
        others = found.ballots[group] - found.uncounted[group] - votes
        assert min(votes, others) >= found.least
    open_to_a_reader = list(thinkable(found, told))
    by_the_totals_alone = list(thinkable(found, {}))
    for cell in {(group, id) for group in found.votes for id in found.ids} - told.keys():
        if len({one[cell] for one in by_the_totals_alone}) > 1:
            assert len({one[cell] for one in open_to_a_reader}) > 1, cell


@given(tables())
@settings(max_examples=40, deadline=None)
def test_a_cell_called_fixed_has_one_value_only(found):
    everything = frozenset((group, id) for group in found.votes for id in found.ids)
    thought = list(thinkable(found, {}))
    assert set(found.fixed(everything)) == {
        cell for cell in everything if len({one[cell] for one in thought}) == 1
    }
