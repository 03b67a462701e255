import ast
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import PASSWORD, make_officer, sit_down
from tests.factories.areas import Chain, make_area, make_chain, make_installation
from tests.visiting import submit, visit
from voting.areas.models import Area
from voting.config import ROOT
from voting.journal.document import ACT_NAMES
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.journal.service import record
from voting.persistence.session import Database


@pytest.fixture
def chain(app: Flask, database: Database) -> Chain:
    with database.transaction() as session:
        make_installation(session)
        return make_chain(session)


def _sit(client: FlaskClient, database: Database, area: Area, role: str = "auditor") -> None:
    with database.transaction() as session:
        officer = make_officer(session, area=session.get_one(Area, area.id), role=role)
    sit_down(client, database, officer)


def _record(
    database: Database,
    now: datetime,
    *,
    act: str = "round.create",
    path: str = "",
    name: str = "王芳",
    count: int = 1,
    changed: Sequence[str] = (),
) -> None:
    actor = Actor(id=name, name=name, area_path=path)
    with database.transaction() as session:
        for _ in range(count):
            record(session, actor, act, now=now, kind="round", id="r", changed=changed)


def test_acts_are_told_in_words(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    _record(
        database, now, path=chain.street.path, name="李伟", changed=["title", "budget"], count=1
    )
    _record(database, now, path=chain.street.path, act="stage.unheard_of")
    _sit(client, database, chain.district)
    page = visit(client, "/desk/journal")
    assert "新建轮次李伟" in page.text
    assert "改动：title、budget" in page.text
    assert "2026年11月23日 10:00" in page.text
    assert "stage.unheard_of" in page.text
    assert "账本完整" in page.text


def test_only_the_own_area_is_told(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    with database.transaction() as session:
        other = make_area(session, parent=session.get(Area, chain.district.id), name="别处街道")
        record(session, COMMAND_LINE, "accounts.add", now=now, kind="officer", id="o")
    _record(database, now, path=chain.community.path, name="社区的")
    _record(database, now, path=other.path, name="别处的")
    _sit(client, database, chain.street)
    page = visit(client, "/desk/journal").text
    assert "社区的" in page
    assert "别处的" not in page
    assert "命令行" not in page
    _sit(client, database, chain.district)
    page = visit(client, "/desk/journal").text
    assert "别处的" in page
    assert "命令行" in page


def test_a_filter_cannot_reach_into_another_area(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    _record(database, now, path=chain.district.path, name="区里的", act="round.change")
    _sit(client, database, chain.street)
    page = visit(client, "/desk/journal?actor=区里的&act=round.change")
    assert "没有符合条件的记录" in page.text


def test_the_list_is_narrowed_by_act_officer_and_day(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    late = datetime.fromisoformat("2026-11-22T15:59:59+00:00")
    _record(database, late, name="李伟", act="cards.issue")
    _record(database, late + timedelta(seconds=1), name="王芳", act="round.create")
    _sit(client, database, chain.district)
    for query, count in [
        ("act=cards.issue", 1),
        ("actor=王芳", 1),
        ("actor=王芳&act=cards.issue", 0),
        ("day=2026-11-22", 1),
        ("day=2026-11-23", 1),
        ("day=2026-11-24", 0),
        ("", 2),
    ]:
        page = visit(client, f"/desk/journal?{query}")
        assert (f"共 {count} 条" in page.text) is (count > 0), query


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", f"page={10**20}", "day=2026-13-40", "day=0001-01-01", "day=x",
     "day=9999-12-31", "act=%00", "actor=%27", f"act={'x' * 5000}", "act=x&act=y"],
)  # fmt: skip
def test_odd_questions_get_a_sound_page(
    client: FlaskClient, database: Database, chain: Chain, query: str
) -> None:
    _sit(client, database, chain.district)
    visit(client, f"/desk/journal?{query}")


def test_there_are_fifty_on_a_page_and_the_filter_stays(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    _record(database, now, count=60)
    _record(database, now, act="cards.issue")
    _sit(client, database, chain.district)
    page = visit(client, "/desk/journal?act=round.create")
    assert "第 1 页，共 2 页" in page.text
    assert any("act=round.create" in link and "page=2" in link for link in page.links)
    assert "共 60 条" in visit(client, "/desk/journal?act=round.create&page=2").text


def test_an_empty_journal_says_so(client: FlaskClient, database: Database, chain: Chain) -> None:
    _sit(client, database, chain.street)
    assert "没有符合条件的记录" in visit(client, "/desk/journal").text


def test_a_broken_book_is_shown_at_the_head(
    client: FlaskClient, database: Database, chain: Chain, now: datetime
) -> None:
    _record(database, now)
    with database.transaction() as session:
        session.add(
            JournalEntry(
                idx=1,
                at=now,
                actor_id="x",
                actor_name="x",
                area_path="",
                act="round.create",
                object_kind="round",
                object_id="r",
                details="{}",
                prev_hash=bytes(32),
                hash=bytes(32),
            )
        )
    _sit(client, database, chain.district)
    page = visit(client, "/desk/journal").text
    assert "账本不完整：从第 1 条起对不上" in page
    assert "账本完整" not in page


@pytest.mark.parametrize("role", ["community_worker", "street_officer", "district_observer"])
def test_who_may_not_read_the_journal_is_refused(
    client: FlaskClient, database: Database, chain: Chain, role: str
) -> None:
    _sit(client, database, chain.district, role=role)
    visit(client, "/desk/journal", status=403)


def test_signing_in_is_told(client: FlaskClient, database: Database, chain: Chain) -> None:
    with database.transaction() as session:
        area = session.get_one(Area, chain.district.id)
        make_officer(session, area=area, role="auditor", sign_in_name="liwei", name="李伟")
    page = visit(client, "/sign-in")
    submit(client, page, "/sign-in", sign_in_name="liwei", password=PASSWORD)
    assert "登录李伟" in visit(client, "/desk/journal").text


def _recorded() -> dict[str, str]:
    """Return every act that the code records, with the file that records it."""
    found = {}
    for path in ROOT.glob("voting/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > 2:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name.lstrip("_") in {"record", "note"}:
                    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                    found.update({text: path.name for text in texts if isinstance(text, str)})
                elif name == "Step":
                    found[getattr(node.args[2], "value", "")] = path.name
    return found


def test_every_act_that_is_recorded_has_a_name() -> None:
    recorded = _recorded()
    assert len(recorded) >= 10
    assert {act: file for act, file in recorded.items() if act not in ACT_NAMES} == {}
