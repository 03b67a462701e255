"""What the database keeps of a comparison, of votes by channel and of turnout, and what it refuses."""

from contextlib import nullcontext

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW
from tests.factories.comparing import make_compared_round
from tests.factories.open_data import declare_result, make_comparison
from tests.factories.tally import fill, make_closed_round, make_counted_round, open_by_two
from voting.comparing.models import ComparisonMade
from voting.comparing.rules.alternatives import compare
from voting.comparing.service import NotReviewedYet, find_comparison, store_comparison, votes_of
from voting.permissions import Role
from voting.persistence import triggers
from voting.roll.models import TurnoutCell
from voting.tally.models import ChannelVote, Tally
from voting.tally.rules.channels import digest_of
from voting.tally.service import TallyDiffers, count, verify
from voting.tally.service.channels import stored_channel_votes
from voting.upkeep.service.checking.tallies import check_tally

CELL = {"channel": "card", "candidate": "1", "votes": 50, "ballots": 100}
TURNOUT = {"kind": "age", "place": 9, "name": "x", "listed": 40, "marked": 20}


def refused(session, statement, values=None):
    with pytest.raises(DatabaseError) as refusal, session.begin_nested():
        session.execute(statement, values or {})
    return str(refusal.value)


def same(session):
    return lambda: nullcontext(session)


def test_only_cells_that_may_be_told_are_ever_stored(session, keys, any_database):
    round = make_compared_round(session, keys)
    cells = session.scalars(select(ChannelVote)).all()
    # Of the assisted ballots every cell is small, and the paper goes with it.
    assert {(cell.channel, cell.candidate, cell.votes) for cell in cells} == {
        ("card", "1", 60), ("card", "3", 40), ("card", "4", 110), ("card", "9", 20),
    }  # fmt: skip
    stored = stored_channel_votes(session, round.id)
    assert session.get_one(Tally, round.id).channel_digest == digest_of(stored)
    small = CELL | {"round_id": round.id, "candidate": "12", "votes": 9}
    assert "shown" in refused(session, insert(ChannelVote), small)
    nearly_all = CELL | {"round_id": round.id, "candidate": "12", "votes": 91}
    assert "shown" in refused(session, insert(ChannelVote), nearly_all)
    assert "stays" in refused(session, text("UPDATE channel_vote SET votes = 61"))
    assert "stays" in refused(session, text("DELETE FROM channel_vote"))


def test_nothing_is_stored_of_channels_before_the_count(session, keys, any_database):
    round = make_closed_round(session, keys)
    cell = CELL | {"round_id": round.id}
    assert "not been counted" in refused(session, insert(ChannelVote), cell)
    made = {"round_id": round.id, "version": 1, "made_at": NOW, "facts": "{}"}
    assert "not been counted" in refused(session, insert(ComparisonMade), made)


def test_a_recount_and_the_nightly_check_find_a_changed_cell_of_a_channel(session, keys):
    round = make_compared_round(session, keys)
    assert verify(same(session), keys=keys, round_id=round.id) == 274
    guards = [one for one in triggers.GUARDS if one.table == "channel_vote"]
    triggers.drop(session.connection(), guards)
    assert "channels" not in {one.code for one in check_tally(session, round)}
    session.execute(text("UPDATE channel_vote SET votes = 61 WHERE candidate = '1'"))
    session.expire_all()
    assert "channels" in {one.code for one in check_tally(session, round)}
    with pytest.raises(TallyDiffers) as differs:
        verify(same(session), keys=keys, round_id=round.id)
    assert "card 1" in str(differs.value)
    session.execute(text("DELETE FROM channel_vote WHERE candidate = '1'"))
    session.expire_all()
    with pytest.raises(TallyDiffers):
        verify(same(session), keys=keys, round_id=round.id)


def test_a_count_from_before_there_were_cells_is_compared_without_them(session, keys):
    round = make_compared_round(session, keys)
    guards = [one for one in triggers.GUARDS if one.table == "channel_vote"]
    triggers.drop(session.connection(), guards)
    session.execute(text("DELETE FROM channel_vote"))
    session.execute(text("UPDATE tally SET channel_digest = NULL"))
    session.expire_all()
    assert verify(same(session), keys=keys, round_id=round.id) == 274


def test_one_channel_stores_nothing(session, keys):
    round = make_counted_round(session, keys)
    assert session.scalars(select(ChannelVote)).all() == []
    assert session.get_one(Tally, round.id).channel_digest == digest_of([])


def test_small_channels_are_one_group(session, keys):
    round = make_closed_round(session, keys, votes=[(1,)] * 30 + [(2,)] * 30)
    fill(session, round.id, [(1,)] * 12 + [(2,)] * 11, channel="paper")
    fill(session, round.id, [(1,)] * 3, channel="assisted")
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id)
    groups = {cell.channel for cell in session.scalars(select(ChannelVote))}
    assert groups == {"card", "assisted+paper"}


def test_turnout_is_stored_at_the_declaration_and_stays(session, keys, any_database):
    round = make_compared_round(session, keys)
    row = TURNOUT | {"round_id": round.id}
    assert "not declared" in refused(session, insert(TurnoutCell), row)
    declare_result(session, round)
    cells = session.scalars(select(TurnoutCell).order_by(TurnoutCell.kind, TurnoutCell.place)).all()
    assert [(cell.kind, cell.name, cell.listed, cell.marked) for cell in cells] == [
        ("age", "15—34 周岁", 72, 34), ("age", "35—59 周岁", 120, 80),
        ("age", "60 周岁以上、没有记录年龄", 73, 43),
        ("building", "1栋", 120, 80), ("building", "2栋", 100, 60),
        ("building", "没有填楼栋、3栋合计", 45, 17),
    ]  # fmt: skip
    assert "shown" in refused(session, insert(TurnoutCell), row | {"marked": 9})
    assert "stays" in refused(session, text("UPDATE turnout_cell SET marked = 20"))
    assert "stays" in refused(session, text("DELETE FROM turnout_cell"))


def test_a_comparison_is_stored_once_and_stays(session, keys, any_database):
    round = make_compared_round(session, keys)
    make_comparison(session, round)
    found = compare(votes_of(session, round.id))
    before = find_comparison(session, round.id)
    actor = make_officer(session, area=round.area, role=Role.STREET_OFFICER).actor
    stored = store_comparison(session, now=NOW, actor=actor, round_id=round.id, found=found)
    assert stored is False
    assert session.scalars(select(ComparisonMade)).all() == [before]
    assert "stays" in refused(session, text("UPDATE comparison SET facts = '{}'"))
    assert "stays" in refused(session, text("DELETE FROM comparison"))
    row = {"round_id": round.id, "version": 0, "made_at": NOW, "facts": "{}"}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(ComparisonMade), row)


@pytest.mark.parametrize("phase", ["counting", "vote_void", "terminated"])
def test_a_round_that_was_not_sent_for_review_is_not_compared(session, keys, phase):
    round = make_compared_round(session, keys, phase=phase)
    with pytest.raises(NotReviewedYet):
        votes_of(session, round.id)


def test_a_paused_round_is_compared_as_before(session, keys):
    round = make_compared_round(session, keys)
    round.phase, round.phase_before_pause = "paused", "publicity"
    session.flush()
    assert compare(votes_of(session, round.id)).declared.funded
