"""What a receipt shows, page and picture: that a ballot lies in the urn, and nothing of what it says."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image, ImageChops

from tests import papers
from tests.factories.ballots import NOW, make_cards, open_round_with_cards
from tests.factories.tally import fill
from tests.visiting import submit, visit
from voting.adapters.drawing import CODE_BOX, QR_BOX
from voting.ledger.service import make_checkpoint

WECHAT = "Mozilla/5.0 (Linux; Android 10) Chrome/78 MicroMessenger/8.0"


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def round_id(database, keys):
    return open_round_with_cards(database, keys)[0]


@pytest.fixture
def fonts(config):
    """The project's typefaces where the app looks for them."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(papers.fonts().shelf.parent)


@pytest.fixture
def vote(app, database, keys, round_id):
    """Vote with a fresh card and return the browser and the receipt's code."""

    def cast(*choices):
        with database.transaction() as session:
            card = make_cards(session, keys, round_id)[0]
        browser = app.test_client()
        browser.get(f"/c/{card.token}")
        page = submit(browser, visit(browser, "/ballot"), "/ballot", choice=list(choices))
        (form, *_) = re.findall(r'name="form" value="(\w+)"', page.get_data(as_text=True))
        answer = browser.post(
            "/ballot/cast",
            data={"form": form, "choice": list(choices), "check_code": card.check_code},
        )
        return browser, answer.location.rsplit("/", 1)[1]

    return cast


@pytest.fixture
def seal(database, keys, round_id):
    """Sign the ledger, with enough other ballots that they need not wait."""

    def sign(others=20):
        with database.transaction() as session:
            fill(session, round_id, [(1,)] * others)
            return make_checkpoint(session, now=NOW, keys=keys, round_id=round_id).size

    return sign


def page_of(browser, code):
    return visit(browser, f"/receipts/{code}")


def test_a_ballot_waits_and_then_is_sealed(app, vote, seal):
    browser, code = vote("4")
    assert "选票已在票箱里，几分钟内会封存进公开账本" in page_of(browser, code).text
    size = seal()
    page = page_of(app.test_client(), code)
    assert f"已经封存进公开账本（第 {size} 条以内）" in page.text
    assert "几分钟内" not in page.text


def test_the_state_stands_after_the_vote_as_well(app, vote, seal, clock):
    _, code = vote("4")
    seal()
    clock.now = NOW + timedelta(days=30)
    assert "已经封存进公开账本" in page_of(app.test_client(), code).text


def test_receipts_of_different_choices_differ_in_nothing_but_their_code(vote):
    shown = []
    for choices in (("1",), ("2", "5", "6")):
        browser, code = vote(*choices)
        html = page_of(browser, code).html
        # The page shows the code in groups, its addresses in one piece.
        for form in (code, *re.findall("....", code)):
            html = html.replace(form, "X" * len(form))
        shown.append(html)
    assert shown[0] == shown[1]


def test_pictures_of_different_choices_differ_in_nothing_but_code_and_qr(vote, fonts):
    images = []
    for choices in (("1",), ("2", "5", "6")):
        browser, code = vote(*choices)
        answer = browser.get(f"/receipts/{code}/receipt.png")
        images.append(Image.open(io.BytesIO(answer.data)))
        assert set(images[-1].info) == set()
    one, other = images
    assert (one.size, one.mode) == (other.size, other.mode)
    assert ImageChops.difference(one, other).getbbox() is not None
    for image in images:
        for box in (CODE_BOX, QR_BOX):
            image.paste(0, box)
    assert ImageChops.difference(one, other).getbbox() is None


def test_the_picture_and_the_code_lead_to_the_receipt(client, vote, fonts):
    _, code = vote("1")
    for name in ("code.png", "receipt.png"):
        answer = client.get(f"/receipts/{code}/{name}")
        assert answer.mimetype == "image/png"
        read = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
        assert [found.text for found in read] == [f"HTTP://127.0.0.1:8000/RECEIPTS/{code}"]
    assert visit(client, f"/RECEIPTS/{code}").h1 == "这张选票在票箱里"


def test_the_picture_is_drawn_without_any_chinese_typeface(client, vote):
    _, code = vote("1")
    answer = client.get(f"/receipts/{code}/receipt.png")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    assert read[0].text.endswith(code)


def test_wechat_opens_the_picture_and_other_browsers_keep_it(client, vote, fonts):
    _, code = vote("1")
    place = f"/receipts/{code}/receipt.png"
    assert client.get(place).headers["Content-Disposition"].startswith("attachment")
    answer = client.get(place, headers={"User-Agent": WECHAT})
    assert answer.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("code", ["A" * 16, "x", "中文", "%00"])
@pytest.mark.parametrize("name", ["code.png", "receipt.png"])
def test_there_is_no_picture_of_a_receipt_that_is_in_no_urn(client, round_id, code, name):
    assert client.get(f"/receipts/{code}/{name}").status_code == 404
