import hashlib
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area
from tests.factories.ballots import NOW, keyring
from tests.factories.notices import let_print, make_notice
from tests.factories.tally import REAL, make_real_round
from tests.papers import pages, running_text
from tests.visiting import visit
from voting.journal.rules import COMMAND_LINE
from voting.notices import holder
from voting.notices.holder import issue_kind
from voting.notices.service import NumberTaken
from voting.permissions import Role
from voting.rounds.models import Appointment, Round


@pytest.fixture
def issued(app, database, config):
    """A paper that calls to a vote, printed and issued: its number, and its round."""
    let_print(config)
    with database.transaction() as session:
        round_id = make_real_round(session, keyring(config.var)).id
    with app.app_context():
        return issue_kind("vote", round_id, COMMAND_LINE)


def test_a_paper_is_a_page_a_picture_and_a_pdf(client, issued):
    page = visit(client, f"/notices/{issued.number}")
    assert page.h1 == "关于开展南站街道南烟小区2026年第二轮“幸福微实事”项目票决的通告"
    assert "南站街道办事处" in page.text
    assert "编号 2026-0001" in page.text
    assert f"/notices/{issued.number}.png" in page.html
    assert f"/notices/{issued.number}.pdf" in page.html


def test_the_page_says_what_the_paper_says(client, issued):
    page = re.sub(r"\s", "", visit(client, f"/notices/{issued.number}").text)
    paper = running_text(client.get(f"/notices/{issued.number}.pdf").data)
    for said in (
        "最多选4项", "年满15周岁", "2026年11月23日", "30.00万元", "0791-86543210", "社区服务大厅，9:00—17:00",
        "输入卡上的验证码", "剩余资金不够的项目跳过", "受益人数多的在前，预算少的在前，抽签决定",
        *(title for title, *_ in REAL if len(title) < 12),  # longer ones are broken over lines
    ):  # fmt: skip
        tight = re.sub(r"\s", "", said)
        assert tight in page, said
        assert tight in paper, said


def test_the_pdf_is_the_one_whose_digest_is_shown(client, issued):
    answer = client.get(f"/notices/{issued.number}.pdf")
    digest = hashlib.sha256(answer.data).hexdigest()
    assert digest == issued.pdf_digest
    page = visit(client, f"/notices/{issued.number}")
    assert digest in page.text.replace(" ", "")
    assert answer.headers["Content-Disposition"] == 'inline; filename="2026-0001.pdf"'


def test_the_picture_shows_all_pages_one_below_the_other(client, issued):
    sheets = len(pages(client.get(f"/notices/{issued.number}.pdf").data))
    answer = client.get(f"/notices/{issued.number}.png")
    assert answer.mimetype == "image/png"
    assert len(answer.data) < 600_000
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.width == pytest.approx(210 / 25.4 * 110, abs=2)
    assert picture.height == pytest.approx(sheets * 297 / 25.4 * 110, abs=2 * sheets)


def test_a_paper_may_be_kept_by_who_has_fetched_it(client, issued):
    for name in ("pdf", "png"):
        answer = client.get(f"/notices/{issued.number}.{name}")
        assert answer.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("name", ["pdf", "png"])
def test_a_damaged_paper_is_reported_and_not_served(app, client, issued, caplog, name):
    files = app.extensions["voting.files"]
    content = files.path(issued.pdf_digest).read_bytes()
    files.path(issued.pdf_digest).write_bytes(content.replace(b"%PDF-1.7", b"%PDF-1.6"))
    page = visit(client, f"/notices/{issued.number}.{name}", status=500)
    assert "存档文件丢失或损坏" in page.text
    assert "lost or damaged" in caplog.text
    assert "项目票决的通告" in visit(client, f"/notices/{issued.number}").h1


@pytest.mark.parametrize(
    "number",
    ["2026-0009", "nonesuch", "x" * 400, "2026-0001.exe", "%00", "..%2f..%2fsecrets", "中文"],
)
def test_other_numbers_are_not_found(client, issued, number):
    for ending in ("", ".pdf", ".png"):
        assert client.get(f"/notices/{number}{ending}").status_code == 404


def test_the_id_of_a_paper_is_no_public_address(client, issued):
    assert client.get(f"/notices/{issued.id}").status_code == 404


def test_names_of_monitors_are_in_the_paper_and_of_ended_ones_not(app, database, config):
    let_print(config)
    with database.transaction() as session:
        round_id = make_real_round(session, keyring(config.var)).id
        for name, duty, ended in (
            ("钱枫", "monitor", None),
            ("孙柏", "monitor", NOW),
            ("郑楠", "teller", None),
        ):
            session.add(
                Appointment(
                    round_id=round_id, duty=duty, name=name, person_key=name.encode(),
                    slip_hash=name.encode(), appointed_at=NOW, appointed_by="factory", ended_at=ended,
                )
            )  # fmt: skip
    with app.app_context():
        number = issue_kind("vote", round_id, COMMAND_LINE).number
    text = visit(app.test_client(), f"/notices/{number}").text
    assert "监票人：钱枫。计票人：郑楠。" in text
    assert "孙柏" not in text


def test_two_who_issue_at_once_get_the_same_paper(app, database, config):
    let_print(config)
    with database.transaction() as session:
        round_id = make_real_round(session, keyring(config.var)).id
    start = threading.Barrier(2)

    def press(_number):
        with app.app_context():
            start.wait()
            return issue_kind("vote", round_id, COMMAND_LINE).number

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(press, range(2))) == {"2026-0001"}


def test_who_is_overtaken_every_time_is_told_so(app, database, config, monkeypatch):
    let_print(config)
    with database.transaction() as session:
        round_id = make_real_round(session, keyring(config.var)).id
    monkeypatch.setattr(holder, "next_number", lambda _session, now, **_named: f"{now:%Y}-0009")
    monkeypatch.setattr(holder, "set_paper", lambda _paper: b"%PDF")
    with app.app_context(), pytest.raises(NumberTaken, match="2026-0009"):
        issue_kind("vote", round_id, COMMAND_LINE)


# The list at the desk


def officer_of(app, database, area, role=Role.STREET_OFFICER):
    with database.transaction() as session:
        officer = make_officer(session, area=area, role=role)
    client = app.test_client()
    sit_down(client, database, officer)
    return client


def test_the_desk_lists_the_papers_of_its_area(app, database, issued):
    with database.transaction() as session:
        area = session.get_one(Round, issued.round_id).area
        make_notice(session, title="别处的公示")
    page = visit(officer_of(app, database, area), "/desk/notices")
    assert "投票通告" in page.text
    assert "2026-0001" in page.text
    assert "别处的公示" not in page.text


def test_an_empty_list_says_what_will_come(app, database):
    with database.transaction() as session:
        area = make_area(session)
    assert "还没有文件" in visit(officer_of(app, database, area), "/desk/notices").text


@pytest.mark.parametrize("page", ["0", "-3", "99", "x", "9" * 30])
def test_odd_pages_show_the_list(app, database, page):
    with database.transaction() as session:
        area = make_area(session)
        make_notice(session, area=area)
    client = officer_of(app, database, area)
    assert "2026-0001" in visit(client, f"/desk/notices?page={page}").text


def test_the_list_is_for_officers(client):
    assert client.get("/desk/notices").status_code == 303
