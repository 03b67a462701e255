from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW, make_area, make_chain
from tests.factories.rounds import CLOSES, OPENS, PLAN, make_plan, make_round
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.notices.models import Notice
from voting.rounds.models import PhaseChange
from voting.rounds.rules import ClosesBeforeOpening, Phase
from voting.rounds.service import (
    PER_PAGE,
    AlreadyApproved,
    RoundOver,
    RulesFrozen,
    WrongLevel,
    all_rounds,
    change_round,
    create_round,
    get_round,
    history_of,
    hold_round,
    notices_of,
    public_rounds,
    rounds_in,
    settle,
    was_public,
)

SECOND = timedelta(seconds=1)


def _change(session, round, plan, *, may_approve=False, actor=COMMAND_LINE):
    return change_round(
        session, now=NOW, actor=actor, round_id=round.id, plan=plan, may_approve=may_approve
    )


def test_a_new_round_is_a_draft_and_written_down(session):
    estate = make_chain(session).estate
    round = create_round(session, now=NOW, actor=COMMAND_LINE, area_id=estate.id, plan=PLAN)
    assert round.phase == Phase.DRAFT
    assert (round.budget, round.opens_at, round.closes_at) == (300_000_00, OPENS, CLOSES)
    assert round.frozen_at is None
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.object_id, entry.area_path) == ("round.create", round.id, estate.path)


def test_a_round_without_a_name_gets_that_of_its_estate_and_year(session):
    chain = make_chain(session)
    plan = make_plan(title="", office_name="")
    round = create_round(session, now=NOW, actor=COMMAND_LINE, area_id=chain.estate.id, plan=plan)
    assert round.title == "南烟小区2026年“幸福微实事”项目票决"
    assert round.office_name == "站南巷社区"


@pytest.mark.parametrize("level", ["district", "street"])
def test_a_round_belongs_to_a_community_or_an_estate(session, level):
    area = getattr(make_chain(session), level)
    with pytest.raises(WrongLevel):
        create_round(session, now=NOW, actor=COMMAND_LINE, area_id=area.id, plan=PLAN)


def test_nobody_opens_a_round_in_another_area(session):
    chain, other = make_chain(session), make_area(session)
    stranger = Actor("o", "别区", other.path)
    for area_id in (chain.estate.id, "nowhere", "", "\x00", "x" * 500):
        with pytest.raises(NotFound):
            create_round(session, now=NOW, actor=stranger, area_id=area_id, plan=PLAN)


def test_a_plan_that_does_not_fit_opens_no_round(session):
    estate = make_chain(session).estate
    with pytest.raises(ClosesBeforeOpening):
        create_round(
            session, now=NOW, actor=COMMAND_LINE, area_id=estate.id, plan=make_plan(closes_at=OPENS)
        )


def test_a_draft_is_changed_and_what_changed_is_written_down(session):
    round = make_round(session)
    _change(session, round, make_plan(budget=500_000_00, polling_place="社区服务大厅"))
    assert round.budget == 500_000_00
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "round.change")).one()
    assert entry.details == '{"changed":["budget","polling_place"]}'


def test_a_change_that_changes_nothing_leaves_no_trace(session):
    round = make_round(session)
    _change(session, round, PLAN)
    assert session.scalars(select(JournalEntry.act)).all() == ["round.create"]


def test_after_submission_only_who_could_approve_changes_the_plan(session):
    round = make_round(session, phase="pending_approval")
    with pytest.raises(AlreadyApproved):
        _change(session, round, make_plan(budget=1))
    assert _change(session, round, make_plan(budget=1), may_approve=True).budget == 1


def test_nobody_changes_a_round_of_another_area(session):
    round = make_round(session)
    stranger = Actor("o", "别区", make_area(session).path)
    with pytest.raises(NotFound):
        _change(session, round, PLAN, actor=stranger)


def test_a_frozen_round_is_not_changed(session):
    round = make_round(session, phase="vote_announced")
    with pytest.raises(RulesFrozen):
        _change(session, round, make_plan(budget=1), may_approve=True)


def test_should_the_lock_be_forgotten_the_database_keeps_what_is_frozen(
    any_database, session, monkeypatch
):
    round = make_round(session, phase="vote_announced")
    monkeypatch.setattr("voting.rounds.service.hold_unfrozen", get_round)
    with pytest.raises(RulesFrozen):
        _change(session, round, make_plan(budget=1), may_approve=True)


def test_an_ended_round_is_not_changed(session):
    round = make_round(session, phase="terminated")
    with pytest.raises(RoundOver):
        _change(session, round, make_plan(budget=1), may_approve=True)


@pytest.mark.parametrize("id", ["", "nothing", "\x00", "a b", "x" * 65, "轮次"])
def test_what_is_no_round_is_not_found(session, id):
    for find in (get_round, hold_round):
        with pytest.raises(NotFound):
            find(session, id)


def test_rounds_with_a_vote_on_come_first_then_the_latest_opening(session):
    chain = make_chain(session)

    def make(phase, opens):
        plan = make_plan(opens_at=opens, closes_at=opens + timedelta(days=7))
        return make_round(session, area=chain.estate, phase=phase, plan=plan)

    later = make("collecting", NOW + timedelta(days=30))
    closed = make("vote_announced", NOW - timedelta(days=20))
    older = make("voting", NOW - timedelta(days=2))
    open_ = make("vote_announced", NOW - timedelta(days=1))
    expected = [open_.id, older.id, later.id, closed.id]
    assert [round.id for round in all_rounds(session, now=NOW)] == expected
    assert [round.id for round in rounds_in(session, chain.street, now=NOW).rounds] == expected


def test_an_extended_vote_is_still_on(session):
    round = make_round(session, phase="vote_announced")
    other = make_round(session, plan=make_plan(opens_at=CLOSES, closes_at=CLOSES + SECOND))
    round.extended_to = CLOSES + timedelta(days=2)
    session.flush()
    assert all_rounds(session, now=CLOSES + timedelta(days=1)) == [round, other]


def test_rounds_come_in_pages_of_the_own_area(session):
    chain, other = make_chain(session), make_chain(session)
    for _ in range(PER_PAGE + 1):
        make_round(session, area=chain.estate)
    make_round(session, area=other.estate)
    first, second = (rounds_in(session, chain.district, now=NOW, page=page) for page in (1, 2))
    assert (len(first.rounds), len(second.rounds)) == (PER_PAGE, 1)
    assert {round.id for round in first.rounds}.isdisjoint(round.id for round in second.rounds)
    assert rounds_in(session, chain.district, now=NOW, page=99).page == 2
    assert rounds_in(session, chain.district, now=NOW, page=-3).page == 1
    assert rounds_in(session, make_area(session), now=NOW).rounds == []


def test_anybody_sees_real_rounds_once_they_are_approved(session):
    shown = make_round(session, phase="collecting")
    make_round(session)
    make_round(session, phase="pending_approval")
    make_round(session, phase="collecting", kind="rehearsal")
    assert public_rounds(session, now=NOW) == [shown]
    assert public_rounds(session, now=NOW, search="南烟") == [shown]
    assert public_rounds(session, now=NOW, search="%") == []


def test_an_ended_round_stays_visible_only_if_it_had_been(session):
    hidden, shown = (make_round(session, phase="terminated") for _ in range(2))
    for round, before in ((hidden, "pending_approval"), (shown, "collecting")):
        session.add(
            PhaseChange(round_id=round.id, before=before, after="terminated", at=NOW, by="o")
        )
    session.flush()
    assert not was_public(session, hidden)
    assert was_public(session, shown)


def test_the_papers_of_a_round_are_found_latest_first(session):
    round = make_round(session)
    for number, hours in (("1", 0), ("2", 1)):
        session.add(
            Notice(
                number=number,
                kind=f"kind{number}",
                area_id=round.area_id,
                round_id=round.id,
                title="通告",
                facts="{}",
                pdf_digest="0",
                issued_at=NOW + timedelta(hours=hours),
                issued_by="o",
            )
        )
    session.flush()
    assert [notice.number for notice in notices_of(session, round.id)] == ["2", "1"]
    assert notices_of(session, "other") == []


def test_settling_writes_down_what_the_clock_has_brought(any_database, session):
    round = make_round(session, phase="vote_announced")
    waiting = make_round(session, phase="collecting")
    assert settle(session, now=OPENS - SECOND) == 0
    assert settle(session, now=OPENS) == 1
    assert round.phase == Phase.VOTING
    assert settle(session, now=OPENS + SECOND) == 0
    assert settle(session, now=CLOSES + SECOND) == 1
    assert (round.phase, waiting.phase) == (Phase.COUNTING, Phase.COLLECTING)
    steps = [(step.before, step.after, step.at, step.by) for step in history_of(session, round.id)]
    assert steps == [
        ("vote_announced", "voting", OPENS, "clock"),
        ("voting", "counting", CLOSES, "clock"),
    ]


def test_settling_late_writes_both_steps_at_their_own_time(session):
    round, other = (make_round(session, phase="vote_announced") for _ in range(2))
    assert settle(session, now=CLOSES + timedelta(days=3), round_id=round.id) == 1
    assert [step.at for step in history_of(session, round.id)] == [OPENS, CLOSES]
    assert other.phase == Phase.VOTE_ANNOUNCED
    assert other.phase_at(CLOSES) is Phase.COUNTING


def test_ages_are_those_of_the_plan(session):
    round = make_round(session, plan=make_plan(reference_day=date(2026, 12, 31)))
    assert (round.min_age, round.reference_day) == (15, date(2026, 12, 31))
