"""The tests' own tools are tested where silence would look like success."""

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from tests.browser import DESK, PHONE, axe, opened
from tests.postgres import Cluster
from tests.serving import Server, serving
from tests.visiting import Page, faults

SOUND = """<!doctype html><html lang="zh-CN"><head><title>票决</title></head><body>
<main><h1>票决</h1><form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="title">名称</label><input id="title" name="title" value="路灯">
<label><input type="checkbox" name="choice" value="7" checked>7</label>
<label><input type="checkbox" name="choice" value="8">8</label>
<label>类别<select name="kind"><option value="a">甲</option><option value="b" selected>乙</option>
</select></label><button name="go">提交</button></form></main></body></html>"""

UNSOUND = {
    "two headings": ("</h1>", "</h1><h1>二</h1>"),
    "an empty heading": ("<h1>票决</h1>", "<h1></h1>"),
    "no title": ("<title>票决</title>", ""),
    "no language": (' lang="zh-CN"', ""),
    "no label": ('<label for="title">名称</label>', ""),
    "no text on a button": ("提交</button>", "</button>"),
    "no text for a picture": ("</h1>", '</h1><img src="/a.png">'),
    "an id twice": ("<h1>", '<h1 id="title">'),
    "broken markup": ("</form>", "</div></form>"),
}


def test_a_sound_page_has_no_faults() -> None:
    assert faults(Page("/", SOUND)) == []


@pytest.mark.parametrize(("old", "new"), UNSOUND.values(), ids=UNSOUND)
def test_a_fault_on_a_page_is_found(old: str, new: str) -> None:
    assert old in SOUND
    assert len(faults(Page("/", SOUND.replace(old, new)))) == 1


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    form = Page("/rounds/new", SOUND).form()
    assert form.action == "/rounds/new"
    assert form.values == {
        "csrf_token": ["x"],
        "title": ["路灯"],
        "choice": ["7"],
        "kind": ["b"],
    }


@pytest.mark.browser
@pytest.mark.parametrize(
    "markup",
    [
        "<script>console.error('broken')</script>",
        "<script>undefinedFunction()</script>",
        "<img alt='' src='http://example.org/a.png'>",
    ],
    ids=["a message", "an exception", "another host"],
)
def test_a_fault_in_the_browser_fails_the_test(chromium: Browser, markup: str) -> None:
    with pytest.raises(AssertionError), opened(chromium, **DESK) as page:
        page.set_content(SOUND + markup, wait_until="load")


def _show(browser: Browser, url: str, markup: str) -> None:
    with opened(browser) as page:
        page.goto(url)
        page.set_content(markup, wait_until="load")


@pytest.mark.browser
@pytest.mark.parametrize("start", ["/healthz", "about:blank"])
def test_a_missing_part_of_a_page_fails_the_test(
    chromium: Browser, server: Server, start: str
) -> None:
    url = start if start.startswith("about") else server.url + start
    with pytest.raises(AssertionError, match="part of a page"):
        _show(chromium, url, f"<img alt='' src='{server.url}/static/nothing.png'>")


@pytest.mark.browser
def test_axe_finds_a_control_without_a_name(chromium: Browser) -> None:
    with opened(chromium, **PHONE) as page:
        page.set_content(SOUND)
        assert axe(page) == []
        page.set_content(SOUND.replace("提交", ""))
        assert [finding.split(":")[0] for finding in axe(page)] == ["button-name"]


def test_each_clone_is_a_database_of_its_own(postgres: Cluster, postgres_url: str) -> None:
    other = postgres.create()
    try:
        assert make_url(postgres_url).database != other
    finally:
        postgres.drop(other)


@pytest.mark.usefixtures("any_database")
def test_a_test_starts_with_empty_tables(session: Session) -> None:
    assert session.execute(text("SELECT count(*) FROM urn")).scalar() == 0


def test_the_real_server_answers_and_stops(environ: dict[str, str]) -> None:
    with serving(environ, workers=2) as server:
        port = urlsplit(server.url).port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port, timeout=10).connect()
