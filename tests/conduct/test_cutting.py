"""The money of a declared result is cut by two officers: the last leave, and everybody can check it."""

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.bundle.checking import ACCEPTED, verdict
from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_installation
from tests.factories.bundles import COUNTED, count_round, make_voted_round
from tests.visiting import read, submit, visit
from verify_bundle import Verification
from voting.bundle.rules import Sort
from voting.bundle.service import make_bundle
from voting.conduct.service import advance
from voting.journal.rules import COMMAND_LINE
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint
from voting.notices.models import Notice
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.results.models import BudgetCut
from voting.results.service import facts_of, prepare
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import timeline_of
from voting.tally.service import OpeningsStore

AT = COUNTED + timedelta(days=3)
SAID = {"reason": "区财政下达的资金减少", "person": "街道党工委会议", "budget_unit": "100"}


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def published(database, keys, tmp_path, clock):
    """A round that was really voted in, counted and declared; its result hangs."""
    with database.transaction() as session:
        make_installation(session)
        round = make_voted_round(session, keys)
        count_round(session, keys, round, OpeningsStore(tmp_path / "openings", keys))
        result = prepare(session, now=COUNTED, round_id=round.id)
        result.declared_at, result.declared_by = COUNTED, "factory"
        round.phase, round.publicity_days = "publicity", 5
        round.publicity_from, round.publicity_to = COUNTED.date(), COUNTED.date()
        session.flush()
        funded = facts_of(session, round.id).funded
        officers = [
            make_officer(session, area=round.area, role=Role.STREET_OFFICER, name=name)
            for name in ("李敏", "周强")
        ]
        session.expunge_all()
    clock.now = AT
    return round.id, funded, officers


def ask(client, round_id, budget, **changes):
    url = f"/desk/rounds/{round_id}/cuts/new"
    given = SAID | {"budget": str(budget // 100 or ""), "day": AT.date().isoformat()} | changes
    return submit(client, visit(client, url), url, **given)


def decide(client, where, act):
    return submit(client, visit(client, where), f"{where}/{act}")


def cut(client, database, published, budget):
    """Let two officers cut the budget to so many cents."""
    round_id, _funded, (first, second) = published
    sit_down(client, database, first, now=AT)
    asked = ask(client, round_id, budget)
    assert asked.status_code == 303
    sit_down(client, database, second, now=AT)
    assert decide(client, asked.location, "confirm").status_code == 303
    return asked.location


def short_of_one(funded):
    """Return a sum with which exactly the last of the funded cannot be paid."""
    return sum(line.cost for line in funded) - 100


def test_the_last_leaves_and_everybody_reads_before_and_after(client, database, published):
    round_id, funded, _officers = published
    budget = short_of_one(funded)
    cut(client, database, published, budget)
    last = funded[-1]
    page = visit(client, f"/rounds/{round_id}/result")
    numbers = "、".join(str(line.number) for line in funded)
    for said in (
        f"入选 {len(funded)} 个项目：{numbers} 号", f"入选项目 {len(funded) - 1} 个", SAID["reason"],
        "预算减少后资金不够，从最后入选的起退出",
    ):  # fmt: skip
        assert said in page.text
    told = client.get(f"/api/v1/rounds/{round_id}/result").json
    gone = next(one for one in told["projects"] if one["number"] == last.number)
    assert (gone["is_funded"], gone["reason"]) == (False, "cut")
    assert told["cut"]["declared_funded"] == [line.number for line in funded]
    assert told["cut"]["funded"] == [line.number for line in funded[:-1]]
    with database.reading() as session:
        round = session.get_one(Round, round_id)
        notice = session.scalars(select(Notice).where(Notice.kind == "cut")).one()
        line = timeline_of(session, round, now=AT, is_public=False)
    # Publicity begins anew on the day after the new notice was posted.
    assert round.publicity_from == AT.date() + timedelta(days=1)
    assert notice.publicity_from == round.publicity_from
    assert "预算核减" in {node.name for node in line}
    paper = visit(client, f"/notices/{notice.number}")
    for said in ("没有入选的项目不递补", last.title, "得票和名次都不变", "公示时间重新计算"):
        assert said in paper.text


def test_a_bundle_of_a_cut_result_is_accepted_and_says_who_is_left(
    client, database, published, keys, tmp_path
):
    round_id, funded, _officers = published
    cut(client, database, published, short_of_one(funded))
    with database.transaction() as session:
        make_checkpoint(session, now=AT, keys=keys, round_id=round_id)
        mine = (LedgerEntry.round_id == round_id, LedgerEntry.kind == "cut")
        body = json.loads(session.scalars(select(LedgerEntry.body).where(*mine)).one())
        make_bundle(
            lambda: nullcontext(session), keys=keys, openings=OpeningsStore(tmp_path / "openings", keys),
            round_id=round_id, sort=Sort.MONITORS, target=tmp_path / "b.zip",
        )  # fmt: skip
    assert body["funded"] == [line.number for line in funded[:-1]]
    done = Verification(str(tmp_path / "b.zip"), head=None, pure=True)
    done.run()
    assert verdict(done) == ACCEPTED, done.failure


def test_who_left_gets_no_project(client, database, published, keys):
    round_id, funded, _officers = published
    cut(client, database, published, short_of_one(funded))
    with database.transaction() as session:
        advance(
            session, now=AT + timedelta(days=30), actor=COMMAND_LINE, keys=keys, round_id=round_id,
            to=Phase.CONFIRMED,
        )  # fmt: skip
        states = dict(
            session.execute(
                select(Candidate.ballot_number, Candidate.state).where(
                    Candidate.round_id == round_id
                )
            ).all()
        )
    assert {number for number, state in states.items() if state == "funded"} == {
        line.number for line in funded[:-1]
    }


def test_whoever_left_after_an_objection_frees_the_money(client, database, published):
    round_id, funded, officers = published
    with database.transaction() as session:
        first = (Candidate.round_id == round_id, Candidate.ballot_number == funded[0].number)
        session.execute(update(Candidate).where(*first).values(state="removed"))
    sit_down(client, database, officers[0], now=AT)
    refused = ask(client, round_id, short_of_one(funded))
    assert "仍然够付全部入选项目" in read(refused, status=422).text


@pytest.mark.parametrize(
    ("budget", "sentence"),
    [(60_000_00, "要少于原来的资金总额"), (59_999_00, "结果不变，不用办")],
)
def test_a_cut_that_cuts_nothing_is_refused(client, database, published, budget, sentence):
    round_id, _funded, officers = published
    sit_down(client, database, officers[0], now=AT)
    assert sentence in read(ask(client, round_id, budget), status=422).text


def test_what_is_missing_is_said_and_the_sum_is_kept(client, database, published):
    round_id, _funded, officers = published
    sit_down(client, database, officers[0], now=AT)
    page = read(
        ask(client, round_id, 1_000_00, reason=""), f"/desk/rounds/{round_id}/cuts/new", status=422
    )
    assert "请写明核减的理由。" in page.text
    assert page.form(page.url).values["budget"] == ["1000"]
    assert "请填核减后的资金总额。" in read(ask(client, round_id, 0), status=422).text


def test_one_cut_and_not_by_one(client, database, published):
    round_id, funded, (first, second) = published
    sit_down(client, database, first, now=AT)
    where = ask(client, round_id, short_of_one(funded)).location
    assert not [one for one in visit(client, where).forms if one.action.endswith("/confirm")]
    assert ask(client, round_id, 100).status_code == 409
    for change in ({"state": "done", "second_by": first.id}, {"reason": "别的"}):
        values = {"second_at": AT, "funded": "", "removed": ""} | change
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(update(BudgetCut).values(values))
    sit_down(client, database, second, now=AT)
    opened = visit(client, where)
    assert submit(client, opened, f"{where}/confirm").status_code == 303
    assert submit(client, opened, f"{where}/confirm").status_code == 409


@pytest.mark.parametrize("phase", ["result_review", "confirmed", "implementing"])
def test_before_and_after_publicity_nothing_is_cut(client, database, published, phase):
    round_id, _funded, officers = published
    with database.transaction() as session:
        session.get_one(Round, round_id).phase = phase
    sit_down(client, database, officers[0], now=AT)
    refused = client.get(f"/desk/rounds/{round_id}/cuts/new")
    assert "结果公示期间" in read(refused, status=409).text
