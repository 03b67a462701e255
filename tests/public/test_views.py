import pytest
from sqlalchemy import text

from tests.factories.ballots import make_open_round
from tests.visiting import visit


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


def open_round(database, keys, **changes):
    with database.transaction() as session:
        return make_open_round(session, keys, **changes).id


@pytest.mark.parametrize("phase", ["draft", "pending_approval"])
def test_a_round_that_is_not_public_is_not_shown(client, database, keys, phase):
    round_id = open_round(database, keys, phase=phase)
    assert round_id not in visit(client, "/").html
    visit(client, f"/p/{round_id}", status=404)


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


def test_the_privacy_page_says_what_a_browser_remembers(client):
    assert "不含姓名和号码" in visit(client, "/privacy").text


def test_the_privacy_page_names_the_way_without_a_phone(client):
    assert "工作人员当面帮您" in visit(client, "/privacy").text


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
