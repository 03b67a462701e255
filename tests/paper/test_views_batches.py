"""Batches at the desk: ordered, laid out, printed, marked, charged, voided."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW
from tests.factories.paper import make_paper
from tests.paper.conftest import Desk
from tests.visiting import submit, visit
from voting.adapters.jobs import perform
from voting.adapters.jobs import waiting as jobs_waiting
from voting.journal.models import JournalEntry
from voting.paper.jobs import HANDLERS
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle
from voting.paper.service import sheets_file
from voting.persistence.session import Database
from voting.rounds.service import get_round
from voting.web.db import current_config


def newest(database: Database) -> PaperBatch:
    with database.reading() as session:
        query = select(PaperBatch).order_by(PaperBatch.number.desc()).limit(1)
        found = session.scalars(query).one()
        session.expunge_all()
        return found


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)))


def perform_all(app, database: Database) -> None:
    with app.app_context():
        for job in jobs_waiting(database):
            assert perform(database, HANDLERS, job, clock=lambda: NOW)


def path_of(batch: PaperBatch) -> str:
    return f"/paper/batches/{batch.id}"


def test_a_batch_goes_from_the_order_into_a_workers_hands(app, desk: Desk, database) -> None:
    page = desk.send("/paper/new", count="6", versions="2")
    assert "正在排队" in page.text
    batch = newest(database)
    path = path_of(batch)
    assert (batch.count, batch.versions, batch.state) == (6, 2, "ready")
    perform_all(app, database)
    with desk.client.get(desk.url(f"{path}/sheets.pdf")) as answer:
        pages = PdfReader(io.BytesIO(answer.data)).pages
        assert len(pages) == 1 + 6
    early = desk.send(f"{path}/printed", status=409)
    assert "还没有记入公开账本" in early.text
    page = desk.visit(path)
    mark = f"/desk/rounds/{desk.round_id}/ledger/papers/{batch.id}"
    assert submit(desk.client, page, mark).status_code == 303
    page = desk.send(f"{path}/printed")
    assert "已确认印好" in page.text
    with app.app_context():
        assert not sheets_file(current_config().var, batch).exists()
    page = desk.send(path, f"{path}/charge", holder=desk.officer.id, bundles=["1"])
    assert "请打印交接单" in page.text
    assert acts(database) == [
        "paper.issue", "paper.sheets", "paper.download", "paper.printed", "paper.charge",
    ]  # fmt: skip


def test_nobody_confirms_what_was_never_made_but_a_pack_may_lie_elsewhere(
    desk: Desk, database: Database
) -> None:
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        batches = [make_paper(session, round, 2, kind=kind) for kind in ("vote", "emergency")]
        for one in batches:
            one.state, one.printed_at = "ready", None
    never, pack = (f"{path_of(one)}/printed" for one in batches)
    assert "还没有生成打印文件" in desk.send(never, status=409).text
    assert "到“停电应急”生成、下载" in desk.visit(path_of(batches[1])).text
    assert "已确认印好" in desk.send(pack).text


def test_a_charged_bundle_has_a_slip_and_can_be_given_back(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        batch = make_paper(session, get_round(session, desk.round_id), 6, holder=desk.officer)
    path = path_of(batch)
    page = desk.visit(path)
    slip = next(link for link in page.links if "/slips/" in link)
    with desk.client.get(slip) as answer:
        text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "李社工" in text
    assert "手上应有" in desk.visit("/paper/mine").text
    page = desk.send(path, f"{path}/bundles/1/back")
    assert "已经退回" in page.text


def test_after_a_printer_failure_the_rest_is_spoiled_and_made_anew(
    app, desk: Desk, database: Database
) -> None:
    with database.transaction() as session:
        old = make_paper(session, get_round(session, desk.round_id), 120, versions=2)
        old.state, old.printed_at = "ready", None
    path = path_of(old)
    wrong = desk.send(f"{path}/reprint", status=422, last_good="3")
    assert "请填 0 到 2" in wrong.text
    page = desk.send(f"{path}/reprint", last_good="1")
    new = newest(database)
    assert page.url.endswith(new.id)
    assert (new.count, new.versions, new.state) == (70, 2, "ready")
    with database.reading() as session:
        spoiled = select(PaperBallot.reason).where(PaperBallot.state == "spoiled")
        assert session.scalars(spoiled).all() == ["misprint"] * 70
        assert session.get_one(PaperBatch, old.id).state == "printed"
    again = desk.send(f"{path}/reprint", status=422, last_good="1")
    assert "已经办过了" in again.text


def test_a_batch_of_which_nobody_got_a_paper_is_voided(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        batch = make_paper(session, round, 60, holder=desk.officer)
        other = make_paper(session, round, 60, holder=desk.officer)
        session.get_one(PaperBundle, (other.id, 2)).handed = 1
    page = desk.send(f"{path_of(batch)}/void", reason="被人复印了")
    assert "60 张票不能再用" in page.text
    with database.reading() as session:
        holders = select(PaperBundle.holder_id).where(PaperBundle.batch_id == batch.id)
        assert set(session.scalars(holders)) == {None}
    page = desk.send(f"{path_of(other)}/void", status=422, reason="印错了")
    assert "已经发出 1 张" in page.text
    with database.reading() as session:
        assert session.get_one(PaperBatch, other.id).state == "printed"


def test_a_bundle_goes_to_one_worker_only(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        batch = make_paper(session, get_round(session, desk.round_id), 60)
    path = path_of(batch)
    page = desk.visit(path)
    action = desk.url(f"{path}/charge")
    chosen = {"holder": desk.officer.id, "bundles": ["1"]}
    assert submit(desk.client, page, action, **chosen).status_code == 303
    assert submit(desk.client, page, action, **chosen).status_code == 422
    nobody = submit(desk.client, page, action, holder="nobody", bundles=["2"])
    assert nobody.status_code == 422
    with database.transaction() as session:
        session.get_one(PaperBundle, (batch.id, 1)).handed = 1
    page = desk.visit(path)
    assert "退回</button>" not in page.html


@pytest.mark.parametrize(("count", "versions"), [("", "1"), ("0", "1"), ("20001", "1"), ("5", "9")])
def test_a_batch_has_a_size_and_a_number_of_versions(desk: Desk, count, versions) -> None:
    page = desk.send("/paper/new", status=422, count=count, versions=versions)
    assert "之间的整数" in page.text


def test_the_page_says_why_nothing_is_printed_now(desk: Desk, database, clock: Clock) -> None:
    with database.transaction() as session:
        get_round(session, desk.round_id).phase = "counting"
    assert "投票已经结束，不能再印纸质票" in desk.visit("/paper/new").text


def test_the_list_shows_where_papers_are(desk: Desk, database: Database) -> None:
    assert "还没有印纸质票" in desk.visit("/paper").text
    with database.transaction() as session:
        make_paper(session, get_round(session, desk.round_id), 60, holder=desk.officer)
    page = desk.visit("/paper")
    assert "第 1 批已印好60220" in page.text.replace(" ", "").replace("第1批", "第 1 批")
    desk.visit("/paper?page=2", status=404)


def test_a_sample_says_that_it_is_one(desk: Desk) -> None:
    with desk.client.get(desk.url("/paper/sample.pdf")) as answer:
        text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "样" in text
    assert "No." not in text


def test_an_auditor_reads_and_does_nothing(client, desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        batch = make_paper(session, round, 2)
        auditor = make_officer(session, area=round.area, role="auditor")
    sit_down(client, database, auditor, now=NOW)
    visit(client, desk.url(path_of(batch)))
    for path in ("/paper/new", f"{path_of(batch)}/sheets.pdf", "/paper/mine", "/paper/late"):
        assert client.get(desk.url(path)).status_code == 403
