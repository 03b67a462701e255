import io

import pytest
import zxingcpp
from PIL import Image

from tests import papers
from tests.cards.conftest import Desk
from tests.factories.cards import ADDRESS
from tests.factories.posters import make_place
from tests.visiting import read
from voting.adapters.pdf import picture
from voting.areas.models import Installation
from voting.config import Config
from voting.persistence.session import Database
from voting.rounds.service import get_round


@pytest.fixture
def fonts(config: Config) -> None:
    """The project's typefaces where the app looks for them."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(papers.fonts().shelf.parent)


def codes(image: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(image)))]


def test_the_posters_code_leads_to_the_rounds_page(desk: Desk, fonts: None) -> None:
    sheet = desk.client.get(desk.url("/poster.pdf"))
    image = desk.client.get(desk.url("/poster.png"))
    address = f"{ADDRESS}/p/{desk.round_id}"
    assert codes(picture(sheet.data, dpi=100)) == codes(image.data) == [address]
    assert (sheet.mimetype, image.mimetype) == ("application/pdf", "image/png")
    text = papers.words(sheet.data)
    assert "0791-86543210" in text
    assert "6个候选项目" in text.replace(" ", "")


def test_the_poster_says_how_and_where_people_can_vote(
    desk: Desk, database: Database, fonts: None
) -> None:
    with database.transaction() as session:
        make_place(session, desk.round_id)
    text = papers.words(desk.client.get(desk.url("/poster.pdf")).data).replace(" ", "")
    assert "不用手机：带身份证到投票点领纸质票" in text
    assert "投票点：社区服务大厅，9:00—17:00" in text
    assert "没有卡：扫这张海报" not in text


def test_the_names_of_the_files_can_be_sent(desk: Desk, fonts: None) -> None:
    answer = desk.client.get(desk.url("/poster.pdf"))
    answer.headers["Content-Disposition"].encode("latin-1")


def test_there_is_no_poster_of_an_address_nobody_has_reached(
    desk: Desk, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Installation, 1).scanned_url = None
    answer = desk.client.get(desk.url("/poster.pdf"))
    assert "测试二维码" in read(answer, status=409).text


def test_there_is_no_poster_after_the_vote(desk: Desk, database: Database) -> None:
    with database.transaction() as session:
        get_round(session, desk.round_id).phase = "counting"
    assert "投票已经结束" in read(desk.client.get(desk.url("/poster.png")), status=409).text
