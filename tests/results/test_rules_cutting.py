from voting.results.rules import TieLine
from voting.results.rules.cutting import parted_equals
from voting.tally.rules.ties import TieStep

TIE = TieLine(9, ("2", "5", "7"), (TieStep.COST, TieStep.UNDECIDED))


def test_equals_that_nothing_puts_in_order_are_not_parted_by_a_cut():
    assert parted_equals([TIE], {"1", "2", "5"}, {"7"}) == ("5", "7")


def test_a_cut_may_part_what_a_step_has_put_in_order():
    assert parted_equals([TIE], {"1", "2"}, {"5", "7"}) is None
    assert parted_equals([TIE], {"1", "2", "5", "7"}, {"8"}) is None
    assert parted_equals([], {"1"}, {"2"}) is None


def test_equals_are_not_parted_around_one_who_left_before():
    three = TieLine(9, ("1", "2", "3"), (TieStep.UNDECIDED, TieStep.UNDECIDED))
    assert parted_equals([three], {"1"}, {"3"}) == ("1", "3")
