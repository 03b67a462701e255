"""Every phase × every act × every role: what is allowed happens, everything else changes nothing."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.factories.areas import NOW, make_area
from tests.factories.conduct import LATER, given_for, make_standing
from tests.factories.rounds import CLOSES, OPENS
from voting.clock import local_day
from voting.conduct.rules import STEPS, find_step
from voting.conduct.rules.papers.kinds import left_by
from voting.conduct.service import advance, extend, reopen, repeat
from voting.delivery.models import Project, ProjectCandidate
from voting.errors import NotFound, Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.permissions import GRANTS, Role, allows
from voting.proposals.models import Candidate
from voting.rounds.models import Outage, PhaseChange, Round
from voting.rounds.rules import Phase

# One address is one act, whatever it is called from where the round stands.
ACTS = {(step.key, step.after): step for step in STEPS}
_BEFORE = {
    Phase.DRAFT, Phase.PENDING_APPROVAL, Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING,
    Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED,
}  # fmt: skip
_DURING = {Phase.VOTING, Phase.PAUSED}


def _moment(phase):
    if phase in _BEFORE:
        return NOW
    return OPENS + timedelta(days=1) if phase in _DURING else LATER


@contextmanager
def _rolled_back(session):
    nested = session.begin_nested()
    try:
        yield
    finally:
        nested.rollback()
        session.expire_all()


def _prepare(session, round, step):
    """Let be true what this one step needs and others from the same phase do not."""
    if step.act == "round.too_few":
        session.execute(text("UPDATE candidate SET ballot_number = NULL"))
    if step.act in {"round.reopen", "round.keep_closing"}:
        session.execute(text("DELETE FROM tally"))
        minutes = {"since": CLOSES - timedelta(hours=1), "until": CLOSES}
        session.add(Outage(round_id=round.id, **minutes))
    if step.act == "round.void" and step.before is Phase.VOTING:
        lost = text("UPDATE key_sheet SET lost_on = '2026-12-06', lost_at = :at WHERE number < 3")
        session.execute(lost, {"at": "2026-12-06 01:00:00"})
    if step.act in {"round.implement", "round.close"}:
        state = "approved" if step.act == "round.implement" else "done"
        project = Project(
            round_id=round.id, area_id=round.area_id, code="NZ-2026-01", title="路灯", place="3栋",
            sentence="装灯", beneficiaries=1, budget=1, state=state, opened_at=NOW, changed_at=NOW,
        )  # fmt: skip
        session.add(project)
        session.flush()
        candidate = session.scalars(select(Candidate.id).limit(1)).one()
        session.add(ProjectCandidate(project_id=project.id, candidate_id=candidate))
    session.flush()


def _do(session, keys, round, step, actor, permissions):
    now = _moment(Phase(round.phase))
    reason, given = given_for(step, local_day(now))
    common = {
        "now": now, "actor": actor, "keys": keys, "round_id": round.id, "reason": reason,
        "permissions": permissions,
    }  # fmt: skip
    if step.act == "round.extend":
        return extend(session, **common, closes_at=CLOSES + timedelta(days=2))
    if step.act == "round.reopen":
        return reopen(session, **common, closes_at=now + timedelta(days=2))
    if step.act == "round.repeat":
        times = {"opens_at": now + timedelta(days=5), "closes_at": now + timedelta(days=9)}
        return repeat(session, **common, **times)
    return advance(session, **common, to=step.after, key=step.key, given=given)


def _counts(session, round_id):
    def number(table, *where):
        return session.scalar(select(func.count()).select_from(table).where(*where))

    return (
        number(PhaseChange, PhaseChange.round_id == round_id),
        number(JournalEntry),
        number(Notice, Notice.round_id == round_id),
    )


@pytest.mark.parametrize("phase", list(Phase), ids=str)
def test_every_act_in_every_role(session, keys, phase):
    round = make_standing(session, keys, phase)
    round_id, path = round.id, round.area.path
    before = _counts(session, round_id)
    wrong = []
    for step in ACTS.values():
        own = find_step(phase, step.key, paused_in=round.paused_in)
        is_here = own is not None and (own.after is step.after or own.asks_times)
        for role in Role:
            actor = Actor(f"{role}", "某人", path)
            expected = bool(own and is_here and allows(role, own.permission))
            with _rolled_back(session):
                if is_here:
                    _prepare(session, round, own)
                try:
                    _do(session, keys, round, own if is_here else step, actor, GRANTS[role])
                except Refusal as refusal:
                    happened = False
                    left = bool(str(refusal)) and session.get_one(Round, round_id).phase == phase
                else:
                    happened, left = True, _left(session, round_id, own, before)
            if happened is not expected or not left:
                wrong.append((step.act, step.after, role, happened, left))
            assert _counts(session, round_id) == before
    assert wrong == []


def _left(session, round_id, step, before):
    """Tell whether a step left its row, its journal entry and its papers."""
    session.flush()
    changed = session.scalars(
        select(PhaseChange).where(PhaseChange.round_id == round_id, PhaseChange.act == step.act)
    ).all()
    told = session.scalars(
        select(JournalEntry).where(JournalEntry.act == step.act, JournalEntry.object_id == round_id)
    ).all()
    papers = _counts(session, round_id)[2] - before[2]
    expected = len(left_by(step.act, step.before))
    return bool(changed and told) and papers >= min(expected, 1)


@pytest.mark.parametrize(
    "phase", [phase for phase in Phase if phase is not Phase.ARCHIVED], ids=str
)
def test_nobody_acts_on_a_round_of_another_area(session, keys, phase):
    round = make_standing(session, keys, phase)
    stranger = Actor("o", "别区", make_area(session).path)
    for step in STEPS:
        if step.before is phase and (step.act != "round.resume" or step.after is round.paused_in):
            with pytest.raises(NotFound):
                _do(session, keys, round, step, stranger, GRANTS[Role.STREET_OFFICER])


def test_what_the_clock_did_is_in_the_journal(session, keys):
    round = make_standing(session, keys, Phase.COLLECTING)
    round.collecting_until = local_day(NOW) - timedelta(days=1)
    session.flush()
    assert round.phase_at(NOW) is Phase.SCREENING
    actor = Actor("o", "某人", round.area.path)
    step = find_step(Phase.SCREENING, "deliberating")
    _do(session, keys, round, step, actor, None)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "round.screen")).one()
    assert entry.actor_id == "clock"


def test_a_vote_whose_end_passed_in_a_pause_is_counted_when_it_goes_on(session, keys):
    round = make_standing(session, keys, Phase.PAUSED)
    actor = Actor("o", "某人", round.area.path)
    assert round.phase_at(LATER) is Phase.PAUSED
    advance(
        session, now=LATER, actor=actor, keys=keys, round_id=round.id, to=Phase.VOTING,
        key="resume",
    )  # fmt: skip
    assert round.phase == "counting"
    assert [one.at for one in session.scalars(select(PhaseChange))] == [LATER, LATER]


def test_a_vote_is_extended_once_even_while_paused(session, keys):
    round = make_standing(session, keys, Phase.PAUSED)
    actor = Actor("o", "某人", round.area.path)
    act = {"actor": actor, "keys": keys, "round_id": round.id, "reason": "台风"}
    extend(session, now=LATER, closes_at=LATER + timedelta(days=3), **act)
    assert (round.phase, round.closing) == ("paused", LATER + timedelta(days=3))
    with pytest.raises(Refusal, match="只能延长一次"):
        extend(session, now=LATER, closes_at=LATER + timedelta(days=4), **act)
    advance(session, now=LATER, to=Phase.VOTING, key="resume", **act)
    assert round.phase_at(LATER) is Phase.VOTING


def test_a_correction_lets_the_days_of_publicity_begin_anew(session, keys):
    round = make_standing(session, keys, Phase.OBJECTION)
    actor = Actor("o", "某人", round.area.path)
    step = find_step(Phase.OBJECTION, "correct")
    _do(session, keys, round, step, actor, None)
    assert round.phase == "publicity"
    assert round.publicity_from == local_day(LATER) + timedelta(days=1)
    assert round.publicity_to is not None
    assert round.publicity_to > local_day(LATER)


def test_a_confirmed_result_opens_the_projects_it_funded(session, keys):
    round = make_standing(session, keys, Phase.PUBLICITY)
    actor = Actor("o", "某人", round.area.path)
    _do(session, keys, round, find_step(Phase.PUBLICITY, "confirmed"), actor, None)
    states = session.scalars(select(Candidate.state).order_by(Candidate.ballot_number)).all()
    assert states == ["funded", "unfunded", "unfunded"]
    assert [one.title for one in session.scalars(select(Project))] == ["项目1"]
