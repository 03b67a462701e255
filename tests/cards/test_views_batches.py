import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.cards.conftest import Desk, sit
from tests.cards.test_views import acts, batches, counts, use
from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW
from tests.factories.cards import make_batch
from tests.visiting import read, submit, visit
from voting.adapters.jobs import DIED, Queue
from voting.adapters.keyring import KeyMissing, Keyring
from voting.cards.models import CardBatch
from voting.cards.service import Counts, get_batch, sheets_file, void_batch
from voting.config import Config
from voting.journal.rules import COMMAND_LINE
from voting.persistence.jobs import Job
from voting.persistence.session import Database
from voting.rounds.service import get_round


def set_job(database: Database, **values: object) -> None:
    with database.transaction() as session:
        session.execute(update(Job).values(**values))


def is_forgotten(keys: Keyring, config: Config, batch_id: str) -> bool:
    try:
        keys.batch_seed(batch_id)
    except KeyMissing:
        return not sheets_file(config.var, batch_id).exists()
    return False


def test_the_page_says_when_nobody_works_jobs_off(
    desk: Desk, batch: CardBatch, config: Config
) -> None:
    page = desk.press(f"/batches/{batch.id}", f"/batches/{batch.id}/sheets")
    assert "后台打印服务没有运行" in page.text
    with Queue(config.var / "jobs").held(wait=False):
        assert "后台打印服务没有运行" not in desk.visit(f"/batches/{batch.id}").text


def test_a_page_that_waits_looks_again_by_itself(
    desk: Desk, batch: CardBatch, database: Database, config: Config
) -> None:
    path = f"/batches/{batch.id}"
    assert "Refresh" not in desk.client.get(desk.url(path)).headers
    desk.press(path, f"{path}/sheets")
    set_job(database, state="running", done=3)
    with Queue(config.var / "jobs").held(wait=False):
        answer = desk.client.get(desk.url(path))
    page = read(answer)
    assert answer.headers["Refresh"] == "2"
    assert "已生成 3 / 4 张纸" in page.text
    bar = page.all("progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("3", "4")


def test_a_job_that_died_is_shown_as_failed_and_can_be_started_again(
    desk: Desk, batch: CardBatch, database: Database
) -> None:
    path = f"/batches/{batch.id}"
    desk.press(path, f"{path}/sheets")
    set_job(database, state="running")
    page = desk.visit(path)
    assert DIED in page.text
    assert "正在排队" in desk.press(path, f"{path}/sheets").text


def test_a_failed_job_says_why(desk: Desk, batch: CardBatch, database: Database) -> None:
    path = f"/batches/{batch.id}"
    desk.press(path, f"{path}/sheets")
    set_job(database, state="failed", message="这份文件太大，没有排完。", finished_at=NOW)
    assert "这份文件太大，没有排完。" in desk.visit(path).text
    assert "正在排队" in desk.press(path, f"{path}/sheets").text


def test_the_file_is_taken_and_that_is_noted(
    desk: Desk, laid_out: CardBatch, database: Database
) -> None:
    answer = desk.client.get(desk.url(f"/batches/{laid_out.id}/sheets.pdf"))
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.7")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()
    assert acts(database)[-1] == "cards.download"


def test_a_file_that_is_not_there_is_not_found(
    desk: Desk, batch: CardBatch, laid_out: CardBatch, config: Config
) -> None:
    sheets_file(config.var, laid_out.id).unlink()
    desk.visit(f"/batches/{laid_out.id}/sheets.pdf", status=404)
    assert "打印文件已经不在服务器上了" in desk.visit(f"/batches/{laid_out.id}").text


def test_the_buttons_come_with_the_file(desk: Desk, laid_out: CardBatch) -> None:
    links = desk.visit(f"/batches/{laid_out.id}").links
    for page in ("sheets.pdf", "printed", "reprint", "void"):
        assert desk.url(f"/batches/{laid_out.id}/{page}") in links


def test_a_confirmed_batch_is_forgotten(
    desk: Desk, laid_out: CardBatch, keys: Keyring, config: Config, database: Database
) -> None:
    path = f"/batches/{laid_out.id}"
    page = desk.submit(f"{path}/printed")
    assert "可以开始发卡" in page.text
    assert is_forgotten(keys, config, laid_out.id)
    desk.visit(f"{path}/sheets.pdf", status=409)
    assert acts(database)[-1] == "cards.printed"


def test_a_batch_is_confirmed_once(desk: Desk, laid_out: CardBatch) -> None:
    path = f"/batches/{laid_out.id}/printed"
    desk.submit(path)
    assert "已经办过了" in desk.submit(path, 409).text


def test_a_batch_without_file_is_not_confirmed(desk: Desk, batch: CardBatch, keys: Keyring) -> None:
    page = desk.submit(f"/batches/{batch.id}/printed", 409)
    assert "还没有生成打印文件" in page.text
    assert keys.batch_seed(batch.id)


def test_after_a_printer_failure_the_rest_is_printed_anew(
    desk: Desk, laid_out: CardBatch, database: Database, keys: Keyring, config: Config
) -> None:
    use(database, desk.round_id, "1-4-2")
    page = desk.submit(f"/batches/{laid_out.id}/reprint", last_good="2")
    new = batches(database)[1]
    assert page.url == desk.url(f"/batches/{new.id}")
    assert "正在重印 7 张" in page.text
    assert "第 1 批从第 3 张纸起的卡" in page.text
    assert counts(database, laid_out.id) == Counts(printed=20, spent=1, void=7)
    assert is_forgotten(keys, config, laid_out.id)
    assert keys.batch_seed(new.id)
    assert "第 2 批（从第 3 张纸起）" in desk.visit(f"/batches/{laid_out.id}").text


@pytest.mark.parametrize("last_good", ["", "-1", "4", "99999", "两张", "1\0", "2.5"])
def test_the_last_good_sheet_is_one_of_the_batch(
    desk: Desk, laid_out: CardBatch, database: Database, last_good: str
) -> None:
    desk.submit(f"/batches/{laid_out.id}/reprint", 422, last_good=last_good)
    assert counts(database, laid_out.id).void == 0
    assert len(batches(database)) == 1


def test_a_void_batch_says_what_it_did(
    desk: Desk, laid_out: CardBatch, database: Database, keys: Keyring, config: Config
) -> None:
    use(database, desk.round_id, "1-1-1")
    assert "19 张还没用的卡" in desk.visit(f"/batches/{laid_out.id}/void").text
    page = desk.submit(f"/batches/{laid_out.id}/void", reason="  印错了轮次 ")
    assert "19 张卡不能再用" in page.text
    assert "原因：印错了轮次" in page.text
    assert is_forgotten(keys, config, laid_out.id)
    assert "已经办过了" in desk.submit(f"/batches/{laid_out.id}/void", 422, reason="再来").text


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "请写明作废的原因"),
        ("   ", "请写明作废的原因"),
        ("错" * 101, "最多 100 个字"),
        ("a\0b", "看不见的字符"),
        ("a\u202eb", "看不见的字符"),
    ],
)
def test_a_reason_is_a_short_visible_text(
    desk: Desk, batch: CardBatch, database: Database, reason: str, sentence: str
) -> None:
    page = desk.submit(f"/batches/{batch.id}/void", 422, reason=reason)
    assert sentence in page.text
    assert counts(database, batch.id).void == 0


def test_another_officer_takes_the_cards_over(
    desk: Desk, batch: CardBatch, database: Database
) -> None:
    with database.transaction() as session:
        area = get_round(session, desk.round_id).area
        other = make_officer(session, area=area, role="community_worker", name="赵社工")
        stranger = make_officer(session, role="community_worker", name="外人")
    path = f"/batches/{batch.id}"
    page = desk.visit(path)
    form = page.form(desk.url(f"{path}/holder"))
    assert "外人" not in page.text
    answer = desk.client.post(form.action, data={**form.values, "holder": other.id})
    assert answer.status_code == 303
    assert batches(database)[0].holder_id == other.id
    for wrong in (stranger.id, "x", "\0", ""):
        answer = desk.client.post(form.action, data={**form.values, "holder": wrong})
        read(answer, status=422)
    assert batches(database)[0].holder_id == other.id


PAGES = ("", "/printed", "/reprint", "/void", "/sheets.pdf", "/deliveries")
ACTS = ("/printed", "/reprint", "/void", "/sheets", "/holder")


@pytest.fixture
def foreign(desk: Desk, database: Database, keys: Keyring) -> CardBatch:
    """A batch of somebody else's round."""
    with database.transaction() as session:
        return make_batch(session, keys, get_round(session, desk.foreign_id))


def test_other_peoples_batches_and_missing_ones_look_alike(
    desk: Desk, batch: CardBatch, foreign: CardBatch
) -> None:
    token = desk.visit("/void-card").form(desk.url("/void-card")).values["csrf_token"]
    for round_id, batch_id in (
        (desk.round_id, foreign.id),
        (desk.foreign_id, foreign.id),
        (desk.round_id, "nothing"),
        (desk.round_id, "%00"),
    ):
        base = desk.url(f"/batches/{batch_id}", round_id=round_id)
        assert {desk.client.get(base + page).status_code for page in PAGES} == {404}
        posts = {desk.client.post(base + act, data={"csrf_token": token}) for act in ACTS}
        assert {answer.status_code for answer in posts} == {404}


def test_without_a_token_nothing_happens(
    desk: Desk, laid_out: CardBatch, database: Database
) -> None:
    base = desk.url(f"/batches/{laid_out.id}")
    for act in ACTS:
        answer = desk.client.post(base + act, data={"reason": "x", "last_good": "1"})
        assert answer.status_code in {400, 422}
    assert [batch.state for batch in batches(database)] == ["ready"]


@pytest.mark.parametrize("role", ["auditor", "district_observer", "administrator"])
def test_who_only_reads_changes_nothing(
    client: FlaskClient, database: Database, keys: Keyring, role: str
) -> None:
    desk = sit(client, database, keys, role)
    with database.transaction() as session:
        batch = make_batch(session, keys, get_round(session, desk.round_id))
    may_read = role == "auditor"
    assert client.get(desk.url()).status_code == (200 if may_read else 403)
    page = client.get(desk.url(f"/batches/{batch.id}"))
    assert page.status_code == (200 if may_read else 403)
    assert b"<button" not in page.data.split(b"<main")[-1].split(b"</main")[0]
    for path in ("/new", "/new-assigned", "/void-card", "/replace-card"):
        assert client.get(desk.url(path)).status_code == 403
    for path in PAGES[1:]:
        assert client.get(desk.url(f"/batches/{batch.id}{path}")).status_code == 403


def test_strangers_are_asked_to_sign_in(client: FlaskClient, desk: Desk) -> None:
    client.delete_cookie("desk")
    for path in ("", "/new", "/poster.pdf", "/void-card"):
        answer = client.get(desk.url(path))
        assert (answer.status_code, "/sign-in" in answer.location) == (303, True)


def test_a_settled_batch_is_not_laid_out_again(
    desk: Desk, laid_out: CardBatch, database: Database
) -> None:
    page = desk.visit(f"/batches/{laid_out.id}/void")
    token = page.form(page.url).values["csrf_token"]
    with database.transaction() as session:
        void_batch(
            session, now=laid_out.made_at, actor=COMMAND_LINE, batch_id=laid_out.id, reason="x"
        )
    answer = desk.client.post(
        desk.url(f"/batches/{laid_out.id}/sheets"), data={"csrf_token": token}
    )
    assert "不能再打印" in read(answer, status=409).text


def test_a_batch_is_handed_out_once_the_ledger_has_marked_it(
    desk: Desk, laid_out: CardBatch, database: Database
) -> None:
    with database.transaction() as session:
        get_batch(session, laid_out.id).ledger_idx = None
    place = f"/batches/{laid_out.id}"
    page = desk.visit(place)
    assert "还没有记入公开账本" in page.text
    assert desk.url(f"{place}/printed") not in page.links
    assert "还没有记入公开账本" in desk.submit(f"{place}/printed", 409).text
    act = f"/desk/rounds/{desk.round_id}/ledger/batches/{laid_out.id}"
    answer = submit(desk.client, page, act)
    assert answer.location == desk.url(place)
    page = visit(desk.client, answer.location)
    assert "已经记入公开账本" in page.text
    assert "可以开始发卡" in desk.submit(f"{place}/printed").text
