import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from tests.factories.accounts import make_officer
from tests.factories.areas import make_area
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import CLOSES, make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.adapters.pdf import picture as pdf_picture
from voting.areas.models import Area
from voting.conduct.service import appoint
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.roll.models import Participation
from voting.rounds.models import Appointment, Round
from voting.tally.models import UrnOpening

GOOD = {"name": "吴国强", "phone": "", "duty": "monitor"}


def _appoint(desk, **changes):
    url = f"{desk.url}/people/new"
    return submit(desk.client, visit(desk.client, url), url, **(GOOD | changes))


def _people(database):
    with database.reading() as session:
        return session.scalars(select(Appointment).order_by(Appointment.appointed_at)).all()


def _scan(desk, response):
    """Return the address on the slip that an answer leads to."""
    picture = desk.client.get(f"{response.location}.png")
    assert picture.mimetype == "image/png"
    return _read(picture.data)


def _read(image):
    code = zxingcpp.read_barcode(Image.open(io.BytesIO(image)))
    assert code is not None
    return code.text


def _slip(desk, **changes):
    """Appoint somebody and return the path on the slip."""
    return _scan(desk, _appoint(desk, **changes)).removeprefix("https://vote.example.cn")


def test_a_person_is_appointed_and_gets_a_slip(sit, database):
    desk = sit()
    response = _appoint(desk)
    assert response.status_code == 303
    page = visit(desk.client, response.location)
    assert "监票人：吴国强" in page.text
    assert _scan(desk, response).startswith("https://vote.example.cn/s/")
    listed = visit(desk.client, f"{desk.url}/people")
    assert "吴国强 监票人" in listed.text
    assert "李敏" in listed.text
    assert "还没用" in listed.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填姓名。"),
        ({"name": "   "}, "请填姓名。"),
        ({"name": "吴" * 41}, "最多 40 个字"),
        ({"name": "吴\x00强"}, "看不见的字符"),
        ({"phone": "110"}, "请填 11 位手机号"),
        ({"phone": str(10**12)}, "请填 11 位手机号"),
        ({"phone": "1" * 999}, "最多 24 个字"),
        ({"duty": None}, "请选择做什么。"),
        ({"duty": "king"}, "不是有效的选择"),
    ],
)
def test_bad_input_appoints_nobody_and_gets_its_sentence(sit, database, changes, sentence):
    desk = sit()
    assert sentence in read(_appoint(desk, **changes), status=422).text
    assert _people(database) == []


def test_a_proposer_is_refused_with_the_candidate(sit, database, keys):
    desk = sit()
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        make_candidate(session, keys, round, proposer="吴国强", number=9, title="路灯")
    page = read(_appoint(desk), status=422)
    assert "9 号“路灯”的建议人也叫吴国强" in page.text
    assert _people(database) == []


def test_a_slip_leads_to_the_duty_and_dies_when_it_is_replaced(sit, database, app):
    desk = sit()
    old = _slip(desk)
    person = app.test_client()
    answer = person.get(old)
    assert (answer.status_code, answer.location) == (303, "/duty")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("duty=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visit(person, "/duty").h1 == "监票人 吴国强"
    assert "用过" in visit(desk.client, f"{desk.url}/people").text
    appointment = _people(database)[0]
    url = f"{desk.url}/people/{appointment.id}/replace"
    response = submit(desk.client, visit(desk.client, url), url)
    assert response.status_code == 303
    new = _scan(desk, response).removeprefix("https://vote.example.cn")
    assert new != old
    assert "凭条不能用" in visit(person, "/duty", status=403).text
    assert "凭条不能用" in visit(person, old, status=404).text
    assert person.get(new).status_code == 303
    visit(person, "/duty")


def test_a_replacement_that_is_none_is_refused(sit, database):
    desk = sit()
    _appoint(desk)
    url = f"{desk.url}/people/{_people(database)[0].id}/replace"
    page = visit(desk.client, url)
    assert "旧凭条马上失效" in page.text
    assert "请填姓名。" in read(submit(desk.client, page, url, name=""), status=422).text
    assert len(_people(database)) == 1


def test_an_ended_duty_is_over_at_once(sit, database, app):
    desk = sit()
    slip = _slip(desk)
    person = app.test_client()
    person.get(slip)
    url = f"{desk.url}/people/{_people(database)[0].id}/end"
    page = visit(desk.client, url)
    assert "结束吴国强的委任？" in page.text
    assert submit(desk.client, page, url).status_code == 303
    visit(person, "/duty", status=403)
    assert "已结束" in visit(desk.client, f"{desk.url}/people").text
    again = read(submit(desk.client, page, url), status=409)
    assert "已经结束" in again.text


def test_the_printed_slip_holds_the_code_the_name_and_the_last_day(sit, app):
    desk = sit()
    response = desk.client.get(f"{_appoint(desk).location}.pdf")
    assert response.mimetype == "application/pdf"
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    for words in ("监票人凭条", "吴国强", "2027年2月9日", "0791-86543210"):
        assert words in said.replace(" ", "")
    path = _read(pdf_picture(response.data, dpi=200)).removeprefix("https://vote.example.cn")
    assert app.test_client().get(path).location == "/duty"


def test_a_slip_is_shown_once_and_to_nobody_else(sit, database, clock):
    desk = sit()
    first = _appoint(desk).location
    assert "请现在就打印" in visit(desk.client, first).text
    _appoint(desk, name="孙丽", duty="teller")
    gone = visit(desk.client, first)
    assert "已经不再显示" in gone.text
    for kind in ("png", "pdf"):
        assert desk.client.get(f"{first}.{kind}").status_code == 404


def test_a_slip_is_shown_for_a_quarter_of_an_hour(sit, clock):
    desk = sit()
    slip = _appoint(desk).location
    clock.now += timedelta(minutes=14)
    assert "请现在就打印" in visit(desk.client, slip).text
    clock.now += timedelta(minutes=2)
    assert "已经不再显示" in visit(desk.client, slip).text


@pytest.mark.parametrize("token", ["x", "a" * 26, "A" * 26, "票" * 26, "%00", "a" * 400])
def test_a_strange_slip_and_a_dead_one_get_the_same_answer(client, sit, token):
    sit()
    page = visit(client, f"/s/{token}", status=404)
    assert page.h1 == "凭条不能用"


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "=" * 50, "A" * 120, "票"])
def test_a_cookie_we_did_not_make_holds_no_duty(client, cookie):
    client.set_cookie("duty", cookie)
    visit(client, "/duty", status=403)


def _open_urn(database, desk, *, both):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.street.id)
        first, second = (make_officer(session, area=area, name=name) for name in ("王芳", "赵敏"))
        session.add(
            UrnOpening(
                round_id=desk.round_id,
                first_officer=first.id,
                first_at=CLOSES,
                second_officer=second.id if both else None,
                second_at=CLOSES + timedelta(minutes=5) if both else None,
            )
        )


def test_a_monitor_sees_counts_and_who_opens_the_urn_and_never_a_vote(sit, database, app, clock):
    desk = sit()
    slip = _slip(desk)
    with database.transaction() as session:
        elector = make_elector(session, desk.round_id)
        session.add(
            Participation(
                round_id=desk.round_id, elector_id=elector.elector_id, channel="card_handed",
                day=CLOSES.date(),
            )
        )  # fmt: skip
    person = app.test_client()
    person.get(slip)
    page = visit(person, "/duty")
    assert "名册3人" in page.text
    assert "已领票或投票1人33.3%" in page.text
    assert "还没有开。" in page.text
    _open_urn(database, desk, both=False)
    assert "等第二名。 王芳" in visit(person, "/duty").text
    with database.transaction() as session:
        session.delete(session.get_one(UrnOpening, desk.round_id))
    _open_urn(database, desk, both=True)
    assert "开箱人：王芳、赵敏" in visit(person, "/duty").text


@pytest.mark.parametrize("duty", ["teller", "supervisor"])
def test_others_see_when_the_urn_is_opened_and_not_by_whom(sit, database, app, duty):
    desk = sit()
    slip = _slip(desk, duty=duty)
    _open_urn(database, desk, both=True)
    person = app.test_client()
    person.get(slip)
    page = visit(person, "/duty")
    assert "2026年12月11日 17:05 开箱。" in page.text
    assert "王芳" not in page.text


def test_who_may_not_appoint_only_reads(sit, database):
    desk = sit(Role.COMMUNITY_WORKER)
    page = visit(desk.client, f"{desk.url}/people")
    assert "还没有委任监票人、计票人" in page.text
    assert f"{desk.url}/people/new" not in page.links
    visit(desk.client, f"{desk.url}/people/new", status=403)


def test_another_rounds_and_another_areas_people_are_not_found(sit, database, keys):
    desk = sit()
    with database.transaction() as session:
        other = make_round(session, area=make_area_of(session, desk), phase="collecting")
        person = appoint(
            session, now=CLOSES, actor=COMMAND_LINE, keys=keys, round_id=other.id, duty="monitor",
            name="吴国强",
        ).appointment  # fmt: skip
        foreign = make_round(session, phase="collecting")
    for act in ("replace", "end", "slip"):
        for id in (person.id, "nothing"):
            visit(desk.client, f"{desk.url}/people/{id}/{act}", status=404)
    visit(desk.client, f"/desk/rounds/{foreign.id}/people", status=404)


def make_area_of(session, desk):
    return make_area(session, parent=session.get_one(Area, desk.chain.community.id))


def test_a_longer_list_asks_no_more_of_the_database(sit, database, keys, app):
    desk = sit()
    asked = []
    for turn, more in enumerate((1, 20)):
        with database.transaction() as session:
            for number in range(more):
                appoint(
                    session, now=CLOSES, actor=COMMAND_LINE, keys=keys, round_id=desk.round_id,
                    duty="monitor", name=f"监票人{turn}-{number}",
                )  # fmt: skip
        visit(desk.client, f"{desk.url}/people")
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(desk.client, f"{desk.url}/people")
        asked.append(len(seen))
    assert asked[0] == asked[1]
