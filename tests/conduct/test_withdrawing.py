"""A candidate is taken off the list of an announced vote by two officers."""

import re

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import NOW
from tests.factories.rounds import CLOSES
from tests.visiting import read, submit, visit
from voting.accounts.models import Officer
from voting.conduct.service import advance
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint
from voting.notices.models import Notice
from voting.permissions import Role
from voting.proposals.models import Candidate, Withdrawal
from voting.proposals.service import candidates_of
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import timeline_of

WHY = "地下有燃气管线，2026 年不能开挖"
SAID = {"reason": WHY, "day": "2026-11-23", "person": "街道办事处主任办公会"}


@pytest.fixture
def announced(sit, database, keys):
    """A street officer before a round whose vote is announced, with three candidates."""
    desk = sit()
    with database.transaction() as session:
        advance(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=desk.round_id,
            to=Phase.VOTE_ANNOUNCED,
        )  # fmt: skip
    return desk


def listed(database, desk):
    with database.reading() as session:
        return candidates_of(session, desk.round_id)


def ask(desk, database, at=1, **changes):
    """Ask that the candidate at this place of the list leaves it; return the response."""
    url = f"{desk.url}/withdrawals/new"
    chosen = listed(database, desk)[at].id
    return submit(
        desk.client, visit(desk.client, url), url, **({"candidate": chosen} | SAID | changes)
    )


def another(desk, database, name="周强"):
    """Let another officer of the street sit down in the same browser."""
    with database.transaction() as session:
        officer = make_officer(session, area=desk.chain.street, role=Role.STREET_OFFICER, name=name)
    sit_down(desk.client, database, officer)


def back(desk, database):
    with database.reading() as session:
        officer = session.get_one(Officer, desk.officer_id)
    sit_down(desk.client, database, officer)


def decide(desk, where, act):
    return submit(desk.client, visit(desk.client, where), f"{where}/{act}")


def withdrawn(desk, database):
    """Let two officers take the second candidate off the list; return it."""
    asked = ask(desk, database)
    another(desk, database)
    assert decide(desk, asked.location, "confirm").status_code == 303
    return listed(database, desk)[1]


def test_nothing_changes_before_another_officer_confirms(announced, database):
    desk = announced
    assert f"{desk.url}/withdrawals/new" in visit(desk.client, desk.url).links
    asked = ask(desk, database)
    assert asked.status_code == 303
    assert listed(database, desk)[1].withdrawn_at is None
    assert "等着确认撤下" in visit(desk.client, desk.url).text
    another(desk, database)
    page = visit(desk.client, asked.location)
    for said in (WHY, "街道办事处主任办公会", "马上撤下，不能恢复", "等着确认"):
        assert said in page.text


def test_everybody_reads_what_was_withdrawn_and_why(announced, database):
    desk = announced
    gone = withdrawn(desk, database)
    assert (gone.withdrawn_at is None, gone.withdrawn_reason) == (False, WHY)
    assert "撤下候选项目" in visit(desk.client, desk.url).text
    public = visit(desk.client, f"/rounds/{desk.round_id}")
    assert "2 项，另有 1 项已撤下" in public.text
    assert WHY in public.text
    with database.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == "withdrawn")).one()
        round = session.get_one(Round, desk.round_id)
        nodes = timeline_of(session, round, now=NOW, is_public=False)
    paper = visit(desk.client, f"/notices/{notice.number}")
    for said in ("撤下", "不占每人最多1项的名额", "按空白票统计", "其余2个候选项目", WHY):
        assert said in paper.text
    told = [node.reason for node in nodes if node.name == "撤下候选项目"]
    assert told == [f"{gone.ballot_number}号“{gone.title}”：{WHY}"]


def test_ledger_and_journal_tell_of_it(announced, database, keys):
    desk = announced
    gone = withdrawn(desk, database)
    with database.transaction() as session:
        make_checkpoint(session, now=NOW, keys=keys, round_id=desk.round_id)
        mine = (LedgerEntry.round_id == desk.round_id, LedgerEntry.kind == "withdrawn")
        body = session.scalars(select(LedgerEntry.body).where(*mine)).one()
        like = JournalEntry.act.like("round.%withdraw%")
        acts = set(session.scalars(select(JournalEntry.act).where(like)))
    assert f'"number":{gone.ballot_number}' in body
    assert acts == {"round.ask_withdrawal", "round.withdraw"}


def test_who_asked_does_not_confirm_and_nobody_confirms_twice(announced, database):
    desk = announced
    where = ask(desk, database).location
    page = visit(desk.client, where)
    assert not [form for form in page.forms if form.action.endswith("/confirm")]
    assert _press(desk, f"{where}/confirm", _token(desk, where)).status_code == 409
    another(desk, database)
    token = _token(desk, where)
    assert _press(desk, f"{where}/confirm", token).status_code == 303
    late = _press(desk, f"{where}/confirm", token)
    assert late.status_code == 409
    assert "已经有人办过了" in read(late, status=409).text
    back(desk, database)
    assert "已撤下" in visit(desk.client, f"{desk.url}/withdrawals").text


def _token(desk, where):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.client.get(where).text)
    return found.group(1) if found else ""


def _press(desk, where, token):
    return desk.client.post(where, data={"csrf_token": token})


def test_a_withdrawal_taken_back_leaves_the_list_and_may_be_asked_again(announced, database):
    desk = announced
    where = ask(desk, database).location
    again = ask(desk, database)
    assert again.status_code == 409
    assert "已经有人提出撤下" in read(again, status=409).text
    assert decide(desk, where, "refuse").status_code == 303
    assert listed(database, desk)[1].withdrawn_at is None
    assert ask(desk, database).status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "请写明撤下的理由。"),
        ({"reason": "长" * 201}, "最多 200 个字。"),
        ({"day": ""}, "请填决定日期。"),
        ({"day": "2026-11-24"}, "决定日期不能晚于今天。"),
        ({"person": ""}, "请填由谁决定。"),
        ({"candidate": ""}, "请选要撤下的项目。"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(announced, database, changes, sentence):
    refused = ask(announced, database, **changes)
    assert refused.status_code == 422
    page = read(refused, f"{announced.url}/withdrawals/new", status=422)
    assert sentence in page.text
    kept = page.form(page.url).values
    for name in {"reason", "person"} - set(changes):
        assert kept[name] == [SAID[name]]
    with database.reading() as session:
        assert session.scalars(select(Withdrawal)).all() == []


@pytest.mark.parametrize("phase", ["collecting", "shortlisted", "counting", "publicity"])
def test_before_the_announcement_and_after_the_vote_nothing_is_withdrawn(sit, phase):
    desk = sit(phase=phase)
    refused = desk.client.get(f"{desk.url}/withdrawals/new")
    assert refused.status_code == 409
    assert "投票公告发布以后、投票截止以前" in read(refused, status=409).text


def test_the_community_does_not_withdraw(announced, database):
    desk = announced
    with database.transaction() as session:
        secretary = make_officer(
            session, area=desk.chain.community, role=Role.COMMUNITY_SECRETARY, name="吴丽"
        )
    sit_down(desk.client, database, secretary)
    assert desk.client.get(f"{desk.url}/withdrawals/new").status_code == 403


def test_a_paused_vote_loses_a_candidate_and_stays_paused(announced, database):
    desk = announced
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        round.phase, round.phase_before_pause = "paused", "voting"
    where = ask(desk, database).location
    another(desk, database)
    assert decide(desk, where, "confirm").status_code == 303
    with database.reading() as session:
        round = session.get_one(Round, desk.round_id)
        assert (round.phase, round.phase_before_pause) == ("paused", "voting")
        line = timeline_of(session, round, now=NOW, is_public=False)
    assert line[-1].name == "撤下候选项目"


def test_one_candidate_stays_whoever_asks(announced, database):
    desk = announced
    asked = [ask(desk, database, at=at).location for at in (0, 1, 2)]
    another(desk, database)
    for where in asked[:2]:
        assert decide(desk, where, "confirm").status_code == 303
    refused = decide(desk, asked[2], "confirm")
    assert refused.status_code == 409
    assert "撤下以后只剩 0 个项目" in read(refused, status=409).text
    last = listed(database, desk)[2].id
    with database.transaction() as session:
        mine = update(Withdrawal).where(Withdrawal.candidate_id == last)
        session.execute(mine.values(state="done", second_by="another", second_at=NOW))
    with pytest.raises(IntegrityError, match="too few cand"), database.transaction() as session:
        session.execute(update(Candidate).where(Candidate.id == last).values(withdrawn_at=NOW))


@pytest.mark.usefixtures("any_database")
def test_the_database_itself_lets_nobody_be_withdrawn_by_one_or_come_back(announced, database):
    desk = announced
    first, second, _third = (one.id for one in listed(database, desk))
    with pytest.raises(IntegrityError, match="two officers"), database.transaction() as session:
        session.execute(update(Candidate).where(Candidate.id == first).values(withdrawn_at=NOW))
    where = ask(desk, database).location
    another(desk, database)
    decide(desk, where, "confirm")
    for change in (
        update(Candidate).where(Candidate.id == second).values(withdrawn_at=None),
        update(Withdrawal).values(reason="别的理由"),
        update(Withdrawal).values(state="refused"),
    ):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(change)


def test_the_vote_that_has_ended_by_the_clock_keeps_its_list(announced, database, clock):
    desk = announced
    where = ask(desk, database).location
    clock.now = CLOSES
    another_now(desk, database, CLOSES)
    page = visit(desk.client, where)
    assert "投票已经截止，不能再撤下" in page.text


def another_now(desk, database, moment):
    with database.transaction() as session:
        officer = make_officer(
            session, area=desk.chain.street, role=Role.STREET_OFFICER, name="周强"
        )
    sit_down(desk.client, database, officer, now=moment)
