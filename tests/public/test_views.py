from urllib.parse import quote

import pytest
from sqlalchemy import event, text

from tests.factories.ballots import NOW, make_open_round
from tests.visiting import visit
from voting.notices.models import Notice


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


def open_round(database, keys, **changes):
    with database.transaction() as session:
        return make_open_round(session, keys, **changes).id


def test_the_home_page_of_an_empty_installation_says_what_will_come(client):
    assert "还没有公开的轮次" in visit(client, "/").text


def test_the_home_page_sorts_rounds_by_what_is_on_now(client, database, keys):
    open_round(database, keys)
    open_round(database, keys, phase="publicity")
    open_round(database, keys, phase="collecting")
    text_of_page = visit(client, "/").text
    places = [text_of_page.index(heading) for heading in ("正在投票", "正在准备", "投票已结束")]
    assert places == sorted(places)


@pytest.mark.parametrize("phase", ["draft", "pending_approval"])
def test_a_round_that_is_not_public_is_not_shown(client, database, keys, phase):
    round_id = open_round(database, keys, phase=phase)
    assert round_id not in visit(client, "/").html
    visit(client, f"/p/{round_id}", status=404)


def test_a_search_that_finds_nothing_says_so_and_leads_back(client, database, keys):
    open_round(database, keys)
    page = visit(client, "/?q=没有这个小区")
    assert "没有找到" in page.text
    assert "南烟小区" in visit(client, "/?q=南烟").text


@pytest.mark.parametrize("query", ["%25", "_", "\x00", "x" * 5000, "'; DROP TABLE round; --"])
def test_an_odd_search_gets_a_sound_page(client, database, keys, query, any_database):
    open_round(database, keys)
    assert (
        "没有找到" in visit_search(client, query).text or "南烟" in visit_search(client, query).text
    )


def visit_search(client, query):
    return visit(client, f"/?q={quote(query)}")


def test_the_posters_page_says_who_may_vote_and_how(client, database, keys):
    page = visit(client, f"/p/{open_round(database, keys)}")
    assert "年满 15 周岁" in page.text
    assert "/c" in "".join(page.links)


@pytest.mark.parametrize("id", ["x" * 26, "nothing", "中文"])
def test_a_poster_of_no_round_is_not_found(client, id):
    visit(client, f"/p/{id}", status=404)


def test_the_size_of_type_is_remembered_without_a_script(client):
    response = client.post("/display", data={"size": "elder", "next": "/privacy"})
    assert (response.status_code, response.location) == (303, "/privacy")
    assert 'data-size="elder"' in visit(client, "/").html


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/\x00", "/a\r\nb"]
)
def test_the_way_back_never_leaves_the_site(client, target):
    assert client.post("/display", data={"size": "large", "next": target}).location == "/"


@pytest.mark.parametrize("size", ["", "huge", "<b>"])
def test_an_unknown_size_changes_nothing(client, size):
    client.post("/display", data={"size": size, "next": "/"})
    assert 'data-size="normal"' in visit(client, "/").html


def test_operators_are_told_whether_process_and_database_answer(client, database):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    with database.transaction() as session:
        session.execute(text("ALTER TABLE round RENAME TO lost"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_the_privacy_page_names_the_way_without_a_phone(client):
    assert "工作人员当面帮您" in visit(client, "/privacy").text


def test_the_home_page_takes_the_same_statements_however_long_it_is(app, client, database, keys):
    def statements():
        seen = []
        engine = app.extensions["voting.database"].engine
        event.listen(
            engine, "before_cursor_execute", listener := lambda *call: seen.append(call[2])
        )
        visit(client, "/")
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    open_round(database, keys)
    visit(client, "/")
    few = statements()
    for _ in range(5):
        open_round(database, keys)
    with database.transaction() as session:
        area = session.execute(text("SELECT id FROM area LIMIT 1")).scalar_one()
        for number in range(5):
            session.add(
                Notice(
                    number=f"2026-{number}", kind="result", area_id=area, title="公示", facts="{}",
                    pdf_digest="", issued_at=NOW, issued_by="x", round_id=str(number),
                )
            )  # fmt: skip
    assert statements() == few


def test_every_answer_carries_the_headers(client):
    for path in ("/", "/nothing", "/healthz", "/static/css/tokens.css"):
        with client.get(path) as response:
            headers = response.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_text_is_compressed_and_stamped_files_live_long(client):
    zipped = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=zipped)
    assert page.headers["Content-Encoding"] == "gzip"
    with client.get("/static/css/resident.css?v=1", headers=zipped) as sheet:
        assert sheet.headers["Content-Encoding"] == "gzip"
        assert "immutable" in sheet.headers["Cache-Control"]
    assert "Content-Encoding" not in client.get("/").headers
