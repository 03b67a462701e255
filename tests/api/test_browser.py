import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, axe, opened, shoot
from tests.factories.ballots import keyring
from tests.factories.open_data import make_open_data
from tests.serving import Server
from voting.config import Config
from voting.persistence.session import Database

pytestmark = pytest.mark.browser


@contextlib.contextmanager
def elsewhere(body: str) -> Iterator[str]:
    """Serve one page of somebody else's and yield its address: another origin than the platform's."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><html lang=zh><title>x</title>{body}".encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_result_is_read_on_a_phone_and_in_a_frame_on_another_page(
    chromium: Browser, server: Server, database: Database, config: Config
) -> None:
    with database.transaction() as session:
        town = make_open_data(session, keyring(config.var))
    result = f"{server.url}/rounds/{town.round}/result"
    embed = f"{server.url}/embed/rounds/{town.round}/result"
    for name, device in (("phone", PHONE), ("desk", DESK)):
        with opened(chromium, **device) as page:
            for title, address in (("result", result), ("open-data", f"{server.url}/open-data")):
                page.goto(address)
                for fold in page.locator("summary").all():
                    fold.click()
                assert axe(page) == []
                shoot(page, f"{title}-{name}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= device["viewport"]["width"], (title, name)
    with opened(chromium, **PHONE) as page:
        page.context.add_cookies([{"name": "size", "value": "elder", "url": server.url}])
        page.goto(result)
        shoot(page, "result-elder")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    frame = f'<iframe src="{embed}" title="r" width="600" height="640"></iframe>'
    with elsewhere(frame) as other, opened(chromium, **DESK) as page:
        page.goto(embed)
        assert axe(page) == []
        page.goto(other)
        page.frame_locator("iframe").get_by_text("34 票").first.wait_for()
        assert page.context.cookies() == []
        shoot(page, "embed")
