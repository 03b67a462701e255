"""What an officer gives with a step: reason, day, person, and a file that shows it."""

import pytest
from sqlalchemy import select, update

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_chain
from tests.factories.proposals import photograph
from tests.uploading import submit_file
from tests.visiting import read, submit, visit
from voting.permissions import Role
from voting.rounds.models import PhaseChange, Round

GIVEN = {"reason": "96 人到会，逐项表决。", "day": "2026-11-23", "person": "陈志远"}
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(64)


@pytest.fixture
def meeting(sit, database):
    desk = sit()
    with database.transaction() as session:
        session.execute(update(Round).where(Round.id == desk.round_id).values(phase="deliberating"))
    return desk


def _take(desk, *, file=None, name="纪要.jpg", **changes):
    url = f"{desk.url}/steps/shortlisted"
    page = changes.pop("page", None) or visit(desk.client, url)
    given = {**GIVEN, **changes}
    if file is None:
        return submit(desk.client, page, url, **given)
    return submit_file(desk.client, page, "file", file, name, **given)


def _change(database, desk):
    with database.reading() as session:
        made = select(PhaseChange).where(PhaseChange.round_id == desk.round_id)
        return session.scalars(made).one_or_none()


def test_what_was_given_stands_in_the_history_with_its_file(meeting, database):
    assert _take(meeting, file=photograph()).status_code == 303
    change = _change(database, meeting)
    assert (change.act, change.person, str(change.day)) == (
        "round.shortlist",
        "陈志远",
        "2026-11-23",
    )
    page = visit(meeting.client, meeting.url)
    assert "96 人到会，逐项表决。" in page.text
    (link,) = [link for link in page.links if "/files/" in link]
    sent = meeting.client.get(link)
    assert (sent.status_code, sent.mimetype) == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "会议纪要"),
        ({"reason": "长" * 2001}, "最多 2000 个字"),
        ({"day": ""}, "会议日期"),
        ({"day": "2031-01-01"}, "今天"),
        ({"day": "2026-01-01"}, "不能早于建立这个轮次的那一天"),
        ({"day": "昨天"}, "日期"),
        ({"person": ""}, "主持人"),
        ({"person": "名" * 200}, "个字"),
        ({"reason": "看不见\u202e的"}, "看不见的字符"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_moves(meeting, database, changes, sentence):
    page = read(_take(meeting, **changes), status=422)
    assert sentence in page.text
    assert _change(database, meeting) is None


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04 a Word file", "纪要.docx", "PDF"),
        (HEIC, "IMG_1.heic", "HEIC"),
        (photograph()[:2000], "半张.jpg", "打不开"),
        (b"%PDF-1.7\nhalf of it", "半份.pdf", "PDF"),
        (b"%PDF-" + bytes(15 * 1024 * 1024), "太大.pdf", "15 MB"),
    ],
    ids=["another kind", "HEIC", "half a photograph", "half a PDF", "huge"],
)
def test_a_file_that_cannot_be_kept_is_refused_beside_its_field(
    meeting, database, content, name, sentence
):
    page = read(_take(meeting, file=content, name=name), status=422)
    assert sentence in page.text
    assert GIVEN["reason"] in page.form(f"{meeting.url}/steps/shortlisted").values["reason"]
    assert _change(database, meeting) is None


def test_a_good_file_survives_another_mistake(meeting, database):
    page = read(_take(meeting, file=photograph(), person=""), status=422)
    assert "已经收到“纪要.jpg”" in page.text
    assert _take(meeting, page=page).status_code == 303
    assert _change(database, meeting).file_digest is not None


def test_a_kept_file_cannot_be_made_up(meeting, database):
    page = visit(meeting.client, f"{meeting.url}/steps/shortlisted")
    assert _take(meeting, page=page, kept="WyJhYmMiLCAi5YGH55qEIl0.made.up").status_code == 303
    assert _change(database, meeting).file_digest is None


def test_the_file_of_a_step_stays_inside_the_area(meeting, database):
    _take(meeting, file=photograph())
    (link,) = [link for link in visit(meeting.client, meeting.url).links if "/files/" in link]
    with database.transaction() as session:
        other = make_officer(session, area=make_chain(session).street, role=Role.STREET_OFFICER)
    sit_down(meeting.client, database, other)
    assert meeting.client.get(link).status_code == 404


def test_a_file_of_another_round_is_not_found(meeting):
    assert meeting.client.get(f"{meeting.url}/files/aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404
