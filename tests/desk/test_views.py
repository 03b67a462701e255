from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import NOW, Chain, make_chain, make_installation
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.visiting import Page, read, submit, visit
from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.areas.service import set_help_number
from voting.desk.holder import MENU
from voting.journal.rules import COMMAND_LINE
from voting.permissions import GRANTS, Role
from voting.persistence.session import Database
from voting.persistence.watch import CheckRun
from voting.rounds.rules import Phase


@dataclass(frozen=True)
class Desk:
    """An administrator of 西湖区 at the desk, and a community secretary of 站南巷社区."""

    chain: Chain
    admin: Officer
    secretary: Officer


@pytest.fixture
def desk(app: Flask, client: FlaskClient, database: Database) -> Desk:
    with database.transaction() as session:
        make_installation(session)
        chain = make_chain(session)
        desk = Desk(
            chain,
            make_officer(session, area=chain.district, name="管理员"),
            make_officer(
                session, area=chain.community, role=Role.COMMUNITY_SECRETARY, name="李书记"
            ),
        )
    sit_down(client, database, desk.admin)
    return desk


def _sit(client: FlaskClient, database: Database, area: Area, role: str) -> Officer:
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, area.id), role=role)
    sit_down(client, database, officer)
    return officer


@pytest.mark.parametrize(("findings", "is_told"), [(2, True), (0, False)])
def test_the_administrator_is_told_what_the_last_check_found(
    client: FlaskClient, database: Database, desk: Desk, findings: int, is_told: bool
) -> None:
    with database.transaction() as session:
        session.add(CheckRun(at=NOW - timedelta(days=1), findings=1, first="名册对不上"))
        session.add(CheckRun(at=NOW, findings=findings, first="账本第 3 条对不上"))
    assert ("账本第 3 条对不上" in visit(client, "/desk").text) is is_told
    sit_down(client, database, desk.secretary)
    assert "账本第 3 条对不上" not in visit(client, "/desk").text


def _draft(database: Database, desk: Desk) -> None:
    with database.transaction() as session:
        round = make_round(session, area=session.get_one(Area, desk.chain.estate.id))
        round.created_by = desk.secretary.id


def _send(client: FlaskClient, page: Page, **changes: object) -> TestResponse:
    return submit(client, page, page.url, **changes)


def _officer(database: Database, officer: Officer) -> Officer:
    with database.reading() as session:
        return session.get_one(Officer, officer.id)


def test_without_anything_to_do_the_desk_says_so(client: FlaskClient, desk: Desk) -> None:
    page = visit(client, "/desk")
    assert "现在没有等您办的事" in page.text
    assert "还没有测试扫码" not in page.text


def test_the_desk_is_found_with_a_slash_too(client: FlaskClient, desk: Desk) -> None:
    assert client.get("/desk/").location == "/desk"


def test_a_round_waits_for_who_takes_the_next_step(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    _draft(database, desk)
    sit_down(client, database, desk.secretary)
    mine = visit(client, "/desk")
    assert "填好方案，提交街道审批" in mine.text
    assert "现在没有等您办的事" not in mine.text
    _sit(client, database, desk.chain.street, "auditor")
    others = visit(client, "/desk")
    assert "现在没有等您办的事" in others.text
    assert "别人在办的" in others.text


def test_what_waits_is_a_link_with_a_number_that_opens(
    client: FlaskClient, app: Flask, database: Database, desk: Desk
) -> None:
    with database.transaction() as session:
        round = make_round(
            session, area=session.get_one(Area, desk.chain.estate.id), phase=Phase.COLLECTING
        )
        make_proposal(session, app.extensions["voting.keys"], round).state = "received"
    sit_down(client, database, desk.secretary)
    page = visit(client, "/desk")
    assert "受理新收到的建议" in page.text
    address = f"/desk/rounds/{round.id}/proposals?state=received"
    assert address in page.links
    visit(client, address)


def test_a_round_of_another_area_is_not_on_the_desk(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.transaction() as session:
        make_round(session, phase=Phase.VOTING)
    sit_down(client, database, desk.secretary)
    assert "别人在办的" not in visit(client, "/desk").text


def test_an_address_nobody_scanned_waits_for_the_administrator(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    with database.transaction() as session:
        make_installation(session).scanned_url = None
    assert "还没有测试扫码" in visit(client, "/desk").text
    sit_down(client, database, desk.secretary)
    assert "还没有测试扫码" not in visit(client, "/desk").text


def test_an_administrator_who_is_alone_is_told_to_add_officers(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    alone = "还没有别的工作人员"
    assert alone not in visit(client, "/desk").text
    _sit(client, database, desk.chain.estate, Role.ADMINISTRATOR)
    assert alone in visit(client, "/desk").text
    sit_down(client, database, desk.secretary)
    assert alone not in visit(client, "/desk").text


def test_the_menu_knows_its_pages(app: Flask) -> None:
    assert [entry.endpoint for entry in MENU if entry.endpoint not in app.view_functions] == []


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_shows_what_the_role_may_use_and_every_line_opens(
    client: FlaskClient, database: Database, desk: Desk, role: Role
) -> None:
    _sit(client, database, desk.chain.district, role)
    page = visit(client, "/desk")
    side = {link for link in page.links if link.startswith(("/desk/", "/password"))}
    for entry in MENU:
        if entry.permission in GRANTS[role] and not entry.quick:
            assert str(entry.label) in page.text
    for link in side:
        assert client.get(link).status_code == 200, link


def test_the_page_one_is_on_is_marked(client: FlaskClient, desk: Desk) -> None:
    for url, label in [
        ("/desk", "工作台"),
        ("/desk/officers/new", "工作人员"),
        (f"/desk/areas/{desk.chain.street.id}", "区域"),
        ("/desk/settings/scan", "平台设置"),
        ("/password", "修改密码"),
    ]:
        page = visit(client, url)
        marked = [
            "".join(link.itertext()).strip()
            for link in page.all("a")
            if link.get("aria-current") == "page"
        ]
        assert marked == [label], url


def test_the_help_number_of_the_top_is_on_every_page_at_once(
    client: FlaskClient, app: Flask, database: Database, desk: Desk
) -> None:
    assert "0791-86543210" in visit(app.test_client(), "/sign-in").text
    page = visit(client, f"/desk/areas/{desk.chain.district.id}/edit")
    _send(client, page, help_number="12345")
    assert "12345" in visit(app.test_client(), "/sign-in").text


def test_what_another_process_changed_is_seen_within_ten_seconds(
    client: FlaskClient, app: Flask, database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("voting.areas.holder.time.monotonic", lambda: clock[0])
    door = app.test_client()
    visit(door, "/sign-in")
    with database.transaction() as session:
        area = desk.chain.district.id
        set_help_number(
            session,
            now=desk.admin.created_at,
            actor=COMMAND_LINE,
            area_id=area,
            help_number="12345",
        )
    clock[0] = 109.9
    assert "12345" not in visit(door, "/sign-in").text
    clock[0] = 110.0
    assert "12345" in visit(door, "/sign-in").text


def test_without_a_database_a_page_of_apology_still_has_its_frame(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_session: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("voting.areas.holder.find_installation", broken)
    assert visit(app.test_client(), "/no-such-page", status=404).all("footer")


def test_who_leaves_hands_over_and_is_out_at_once(
    client: FlaskClient, app: Flask, database: Database, desk: Desk
) -> None:
    _draft(database, desk)
    other = _sit(app.test_client(), database, desk.chain.community, Role.COMMUNITY_SECRETARY)
    elsewhere = app.test_client()
    sit_down(elsewhere, database, desk.secretary)
    assert elsewhere.get("/desk").status_code == 200
    page = visit(client, f"/desk/officers/{desk.secretary.id}/retire")
    assert "没批的轮次方案" in page.text
    answer = _send(client, page, receiver_id=other.id)
    assert answer.status_code == 303
    after = visit(client, answer.location)
    assert "离任时间" in after.text
    assert elsewhere.get("/desk").status_code == 303
    assert "李书记" in visit(client, "/desk/officers?retired=1").text
    assert "李书记" not in visit(client, "/desk/officers").text


def test_who_holds_nothing_just_leaves(client: FlaskClient, database: Database, desk: Desk) -> None:
    page = visit(client, f"/desk/officers/{desk.secretary.id}/retire")
    assert "不用移交" in page.text
    assert _send(client, page).status_code == 303
    assert _officer(database, desk.secretary).receiver_id is None


@pytest.mark.parametrize("receiver", ["", "a" * 26, "own", "above", "\x00", "x" * 5000])
def test_an_unfit_receiver_is_sent_back(
    client: FlaskClient, database: Database, desk: Desk, receiver: str
) -> None:
    _draft(database, desk)
    ids = {"own": desk.secretary.id, "above": desk.admin.id}
    page = visit(client, f"/desk/officers/{desk.secretary.id}/retire")
    answer = _send(client, page, receiver_id=ids.get(receiver, receiver))
    assert "有几处需要改一下" in read(answer, status=422).text
    assert _officer(database, desk.secretary).retired_at is None


def test_the_last_administrator_is_told_to_find_another(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    page = visit(client, f"/desk/officers/{desk.admin.id}/retire")
    assert "就没有管理员了" in read(_send(client, page), status=422).text
    assert _officer(database, desk.admin).retired_at is None


def test_an_administrator_may_retire_themselves_when_another_stays(
    client: FlaskClient, app: Flask, database: Database, desk: Desk
) -> None:
    _sit(app.test_client(), database, desk.chain.district, Role.ADMINISTRATOR)
    page = visit(client, f"/desk/officers/{desk.admin.id}/retire")
    assert _send(client, page).status_code == 303
    assert client.get("/desk").status_code == 303


def test_nobody_is_retired_twice(client: FlaskClient, desk: Desk) -> None:
    url = f"/desk/officers/{desk.secretary.id}/retire"
    page = visit(client, url)
    _send(client, page)
    assert _send(client, page).status_code == 409
    visit(client, url, status=409)


def test_a_retirement_without_the_forms_token_is_refused(
    client: FlaskClient, database: Database, desk: Desk
) -> None:
    assert client.post(f"/desk/officers/{desk.secretary.id}/retire").status_code == 400
    assert _officer(database, desk.secretary).retired_at is None
