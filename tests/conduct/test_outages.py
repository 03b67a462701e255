"""After an outage the street decides before anybody opens the urn."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.rounds import CLOSES
from tests.factories.tally import make_openers
from tests.factories.upkeep import AFTER, DURING, make_announced, make_whole
from voting.conduct.rules import ExtensionTooShort, NothingLost, UrnOpened
from voting.conduct.service import advance, extend, reopen
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint
from voting.notices.models import Notice
from voting.rounds.models import Outage
from voting.rounds.rules import Phase
from voting.rounds.service import beat, get_round
from voting.tally.models import UrnOpening
from voting.tally.service import approve_opening, count
from voting.tally.service.opening import OutageUndecided

HOUR = timedelta(hours=1)


@pytest.fixture
def voted(session, keys, any_database):
    """A round whose last hour of voting was lost to an outage."""
    whole = make_whole(session, keys, ballots=21, more=1, counted=False)
    beat(session, now=CLOSES - HOUR)
    beat(session, now=AFTER)
    return get_round(session, whole.round_id)


def act(round, keys):
    return {
        "actor": Actor("o", "李敏", round.area.path),
        "keys": keys,
        "round_id": round.id,
        "reason": "小区停电，网站打不开。",
    }


def approve(session, round, officer, now=AFTER):
    return approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)


def test_the_urn_stays_closed_until_the_street_has_decided(session, keys, voted):
    first, second = make_openers(session, voted.area)
    with pytest.raises(OutageUndecided, match="60 分钟"):
        approve(session, voted, first)
    advance(session, now=AFTER, to=Phase.COUNTING, key="keep-closing", **act(voted, keys))
    assert voted.phase == "counting"
    for officer in (first, second):
        approve(session, voted, officer)
    assert count(session, now=AFTER, keys=keys, round_id=voted.id).ballots == 22
    assert session.scalars(select(Outage.decision)).all() == ["kept"]
    assert "kept_closing" in session.scalars(select(Notice.kind)).all()


def test_what_was_lost_is_given_back_and_people_vote_again(session, keys, voted):
    later = AFTER + HOUR
    reopen(session, now=AFTER, closes_at=later, **act(voted, keys))
    assert (voted.phase, voted.closing) == ("voting", later)
    assert voted.phase_at(later - timedelta(seconds=1)) is Phase.VOTING
    make_checkpoint(session, now=later, keys=keys, round_id=voted.id)
    entries = session.scalars(select(LedgerEntry.body).where(LedgerEntry.kind == "act")).all()
    acts = [body.partition('"act":"')[2].partition('"')[0] for body in entries]
    assert acts[-3:] == ["round.close_vote", "round.reopen", "round.close_vote"]
    paper = session.scalars(select(Notice).where(Notice.kind == "made_up")).one()
    assert "60分钟" in paper.facts
    for minutes in range(3, 61, 3):
        beat(session, now=AFTER + timedelta(minutes=minutes))
    for officer in make_openers(session, voted.area):
        approve(session, voted, officer, now=later)


def test_less_than_was_lost_is_not_enough(session, keys, voted):
    with pytest.raises(ExtensionTooShort, match="60 分钟"):
        reopen(
            session, now=AFTER, closes_at=AFTER + HOUR - timedelta(minutes=1), **act(voted, keys)
        )
    assert session.scalars(select(Outage.decision)).all() == [None]


def test_without_an_outage_nothing_is_reopened(session, keys):
    whole = make_whole(session, keys, ballots=21, more=1, counted=False)
    round = get_round(session, whole.round_id)
    with pytest.raises(NothingLost):
        reopen(session, now=AFTER, closes_at=AFTER + HOUR, **act(round, keys))
    with pytest.raises(NothingLost):
        advance(session, now=AFTER, to=Phase.COUNTING, key="keep-closing", **act(round, keys))


def test_one_officers_word_is_void_when_the_vote_goes_on(session, keys, voted):
    first, _second = make_openers(session, voted.area)
    session.add(UrnOpening(round_id=voted.id, first_officer=first.id, first_at=AFTER))
    session.flush()
    reopen(session, now=AFTER, closes_at=AFTER + HOUR, **act(voted, keys))
    assert session.get(UrnOpening, voted.id) is None


def test_an_opened_urn_ends_the_vote_for_good(session, keys, voted):
    first, second = make_openers(session, voted.area)
    session.add(
        UrnOpening(
            round_id=voted.id, first_officer=first.id, first_at=AFTER, second_officer=second.id,
            second_at=AFTER,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(UrnOpened):
        reopen(session, now=AFTER, closes_at=AFTER + HOUR, **act(voted, keys))


def test_an_outage_allows_a_second_extension(session, keys, any_database):
    round = make_announced(session, keys)
    extend(session, now=DURING, closes_at=CLOSES + HOUR, **act(round, keys))
    with pytest.raises(Refusal, match="只能延长一次"):
        extend(session, now=DURING, closes_at=CLOSES + 2 * HOUR, **act(round, keys))
    beat(session, now=DURING)
    beat(session, now=DURING + HOUR)
    now = DURING + HOUR
    with pytest.raises(ExtensionTooShort):
        extend(session, now=now, closes_at=CLOSES + HOUR * 3 / 2, **act(round, keys))
    extend(session, now=now, closes_at=CLOSES + 2 * HOUR, **act(round, keys))
    with pytest.raises(Refusal, match="只能延长一次"):
        extend(session, now=now, closes_at=CLOSES + 3 * HOUR, **act(round, keys))


def test_that_time_was_lost_stays_noted_though_the_opening_was_refused(
    database, keys, any_database
):
    with database.transaction() as session:
        whole = make_whole(session, keys, ballots=21, more=1, counted=False)
        beat(session, now=CLOSES - HOUR)
        first, _ = make_openers(session, get_round(session, whole.round_id).area)
    with pytest.raises(OutageUndecided), database.transaction() as session:
        approve_opening(session, now=AFTER, officer_id=first.id, round_id=whole.round_id)
    with database.reading() as session:
        assert session.scalars(select(Outage.until)).all() == [CLOSES]
