"""A lot drawn in public: announced, typed by two officers, the same for whoever computes it."""

import hashlib
import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from tests.factories.ballots import keyring
from tests.factories.notices import let_print
from tests.tally.drawing import NUMBER, SOURCE, hall, make_tied_round
from tests.visiting import read, visit
from voting.accounts.models import Officer
from voting.clock import SHANGHAI
from voting.ledger.models import Checkpoint, LedgerEntry
from voting.rounds.models import Round
from voting.tally.models import Tally, TieDraw
from voting.tally.service import TallyDiffers, checked_count, counted_of, verify
from voting.upkeep.service.checking.tallies import check_tally


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def tied(app, database, keys, config, clock):
    let_print(config)
    with database.transaction() as session:
        round = make_tied_round(session, keys, now=clock.now)
        officers = session.scalars(select(Officer).order_by(Officer.name.desc())).all()
    return hall(app, database, round, officers)


def came(clock):
    """Let the number come out, and return when it did, in Shanghai."""
    clock.now += timedelta(minutes=20)
    return (clock.now - timedelta(minutes=5)).astimezone(SHANGHAI)


def stored(tied, kind):
    with tied.database.reading() as session:
        return session.scalars(select(kind)).one()


def entries(tied, kind):
    with tied.database.reading() as session:
        mine = select(LedgerEntry.body).where(LedgerEntry.kind == kind)
        return [json.loads(body) for body in session.scalars(mine)]


def test_two_officers_see_one_after_the_other_what_to_do(tied, clock):
    page = visit(tied.first, f"{tied.base}/count")
    assert "有项目并列，要抽签" in page.text
    assert "1、2 号得票都是 4 票，谁入选还要抽签" in page.text
    assert tied.first.get(tied.public).status_code == 404
    tied.announce()
    at = came(clock)
    assert tied.type(tied.first, at).status_code == 303
    seen = visit(tied.second, tied.path)
    assert "请您再填一遍号码" in seen.text
    assert NUMBER not in seen.html
    assert "还没有录入" in visit(tied.app.test_client(), tied.public).text
    assert tied.confirm(tied.second).status_code == 303
    page = visit(tied.second, f"{tied.base}/count")
    assert f"抽签用的公开号码 {NUMBER}（第 26318 期）" in page.text
    assert "先后由抽签决定" in page.text


def draw(tied, clock):
    tied.announce()
    assert tied.type(tied.first, came(clock)).status_code == 303
    assert tied.confirm(tied.second).status_code == 303


def lot(tied):
    """Return seed, checkpoint and the first of the two, computed by hand."""
    with tied.database.reading() as session:
        index = session.scalar(select(LedgerEntry.idx).where(LedgerEntry.kind == "tally"))
        covering = session.scalars(
            select(Checkpoint).where(Checkpoint.size > index).order_by(Checkpoint.size)
        ).first()
    seed = hashlib.sha256(b"draw 2\x00" + covering.root + NUMBER.encode()).digest()
    first = min("12", key=lambda id: hashlib.sha256(seed + b"\x00" + id.encode()).digest())
    return seed, covering, first


def test_a_lot_is_what_anybody_computes_again(tied, clock):
    draw(tied, clock)
    seed, covering, first = lot(tied)
    tally, row = stored(tied, Tally), stored(tied, TieDraw)
    before, after = json.loads(tally.outcome), json.loads(row.outcome)
    assert (before["draw_seed"], after["draw_seed"]) == ("", seed.hex())
    assert before["ties"][0]["decided_by"] == ["undecided"]
    assert after["funded"] == [first]
    assert entries(tied, "draw") == [
        {
            "kind": "draw", "at": entries(tied, "draw")[0]["at"], "number": NUMBER,
            "size": covering.size, "root": covering.root.hex(),
            "outcome": hashlib.sha256(row.outcome.encode()).hexdigest(),
        }
    ]  # fmt: skip


def test_everybody_reads_how_the_lot_ended_and_nothing_of_the_votes(tied, clock):
    draw(tied, clock)
    _, _, first = lot(tied)
    said = visit(tied.app.test_client(), tied.public)
    assert said.text.index(f"{first} 号 ") < said.text.index(f"{'12'.replace(first, '')} 号 ")
    assert f"公开号码 {NUMBER}（第 26318 期" in said.text
    assert "票，" not in said.text


def test_whoever_recounts_finds_the_lot_again(tied, clock, keys):
    draw(tied, clock)
    _, _, first = lot(tied)
    with tied.database.reading() as session:
        assert checked_count(session, tied.round_id).outcome.funded == (first,)
        assert verify(lambda: nullcontext(session), keys=keys, round_id=tied.round_id) == 6


def test_the_tie_is_published_without_a_single_figure_of_the_vote(tied):
    tied.announce()
    page = visit(tied.app.test_client(), tied.public)
    assert "1 号 增设第1处无障碍坡道" in page.text
    assert "3 号" not in page.text
    assert SOURCE in page.text
    with tied.database.reading() as session:
        counted = counted_of(session, tied.round_id)
    assert f"{counted.outcome.standings[0].votes} 票" not in page.text
    assert "等号码开出" in page.text


def test_the_page_of_the_round_leads_to_the_lot(tied):
    client = tied.app.test_client()
    base = f"/rounds/{tied.round_id}"
    assert tied.public not in visit(client, base).links
    tied.announce()
    assert tied.public in visit(client, base).links


def test_the_result_waits_for_the_lot(tied, clock):
    page = visit(tied.second, f"{tied.base}")
    assert "有项目得票相同，谁入选要抽签决定" in page.text
    draw(tied, clock)
    assert "谁入选要抽签决定" not in visit(tied.second, f"{tied.base}").text


def test_nobody_is_shown_as_funded_before_the_lot(tied):
    page = visit(tied.second, f"{tied.base}/result")
    assert "现在还没有可以送审的结果" in page.text
    assert "入选项目" not in page.text
    assert tied.second.get(f"{tied.base}/result/draft.pdf").status_code == 409
    count = visit(tied.second, f"{tied.base}/count")
    assert "已安排" not in count.text
    assert count.text.count("等抽签决定先后") == 2


def test_the_command_says_that_a_lot_is_needed(tied, clock):
    runner = tied.app.test_cli_runner()
    assert "谁入选要公开抽签" in runner.invoke(args=["tally", "count", tied.round_id]).output
    draw(tied, clock)
    said = runner.invoke(args=["tally", "count", tied.round_id, "--json"]).output
    assert json.loads(said)["ties"][0]["decided_by"] == ["draw"]


def test_a_number_that_was_known_when_the_tie_was_published_is_refused(tied, clock):
    before = (clock.now - timedelta(minutes=1)).astimezone(SHANGHAI)
    early = visit(tied.second, tied.path)
    assert "发布抽签公告" in early.text
    tied.announce()
    refused = read(tied.type(tied.first, before), status=422)
    assert "号码要在这以后开出" in refused.text
    later = (clock.now + timedelta(days=1)).astimezone(SHANGHAI)
    assert "开出时间还没有到" in read(tied.type(tied.first, later), status=422).text
    at = came(clock)
    short = read(tied.type(tied.first, at, public_number="123"), status=422)
    assert "请填 4 到 40 位数字" in short.text
    assert short.form(tied.path).values["issue"] == ["第 26318 期"]


def test_one_officer_alone_draws_nothing_and_other_digits_neither(tied, clock):
    tied.announce()
    at = came(clock)
    assert "还没有人填号码" in read(_bare_confirm(tied, tied.second), status=409).text
    tied.type(tied.first, at)
    assert "号码是您填的" in read(_bare_confirm(tied, tied.first), status=409).text
    differs = read(tied.confirm(tied.second, "05129"), status=422)
    assert "和第一位填的不一样" in differs.text
    assert stored(tied, TieDraw).second_by is None
    tied.type(tied.first, at, public_number="05129")  # the first one had slipped
    assert tied.confirm(tied.second, "０５ １２９").status_code == 303
    again = read(_bare_confirm(tied, tied.second), status=409)
    assert "已经抽过签" in again.text
    assert stored(tied, TieDraw).public_number == "05129"


def _bare_confirm(tied, client):
    token = visit(client, tied.base).forms[0].values["csrf_token"]
    given = {"public_number": NUMBER, "csrf_token": token}
    return client.post(f"{tied.path}/confirm", data=given)


def test_nothing_of_a_draw_is_taken_back(tied, clock):
    draw(tied, clock)
    for change in (update(TieDraw).values(public_number="9999"), delete(TieDraw)):
        with pytest.raises(IntegrityError), tied.database.transaction() as session:
            session.execute(change)


def test_a_draw_that_was_changed_in_the_database_is_found(tied, clock):
    draw(tied, clock)
    with tied.database.transaction() as session:
        session.connection().exec_driver_sql("DROP TRIGGER tie_draw_stays")
        session.execute(update(TieDraw).values(public_number="9999"))
        with pytest.raises(TallyDiffers) as differs:
            checked_count(session, tied.round_id)
    assert "抽签种子" in str(differs.value)


def test_the_nightly_check_holds_the_draw_against_the_ledger(tied, clock):
    draw(tied, clock)
    with tied.database.transaction() as session:
        round = session.get_one(Round, tied.round_id)
        assert [one.code for one in check_tally(session, round)] == []
        session.connection().exec_driver_sql("DROP TRIGGER tie_draw_stays")
        session.execute(update(TieDraw).values(outcome="{}"))
        assert [one.code for one in check_tally(session, round)] == ["tally_entry", "tally"]
        session.rollback()


def test_a_tie_that_decides_nothing_needs_no_lot(app, database, keys, clock, config):
    let_print(config)
    with database.transaction() as session:
        round = make_tied_round(session, keys, now=clock.now, money=20_000_00)
        officers = session.scalars(select(Officer).order_by(Officer.name.desc())).all()
    at = hall(app, database, round, officers)
    page = visit(at.first, f"{at.base}/count")
    assert "1、2 号得票都是 4 票，并列，不影响入选" in page.text
    assert "要抽签" not in page.text
    assert "没有要抽签的并列项目" in visit(at.first, at.path).text
    assert "谁入选要抽签决定" not in visit(at.first, at.base).text
    with database.reading() as session:
        assert session.get_one(Round, at.round_id).phase == "counting"
        assert session.scalars(select(Tally.draw_seed)).one() == b""
