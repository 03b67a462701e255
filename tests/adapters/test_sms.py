"""Short messages over HTTP, against a real server on this machine."""

import http.server
import io
import json
import logging
import threading
from typing import Any

import pytest

from voting.adapters.sms import (
    ConsoleSender,
    HttpSender,
    ShortText,
    SmsFailed,
    sender_of,
)
from voting.config import Config, InvalidSetting

MESSAGE = ShortText("13812345678", "核实数字 123456", "123456")


class Gateway(http.server.ThreadingHTTPServer):
    """Answers as it was told, and keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answering)
        self.got: list[tuple[str, Any, bytes]] = []
        self.answers: list[tuple[int, bytes]] = []


class _Answering(http.server.BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.got.append((self.path, self.headers, self.rfile.read(length)))
        status, body = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        if status == 0:
            self.connection.close()
            return
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def gateway():
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sender(gateway, *, path="/send?app=1", headers=None, body="", accepted="", waited=None):
    url = f"http://127.0.0.1:{gateway.server_port}{path}"
    wait = (waited if waited is not None else []).append
    return HttpSender(url, headers or {}, body, accepted, wait=wait)


def test_a_message_is_posted_as_the_gateway_wants_it(gateway):
    body = (
        '{"to": ["{phone}"], "sign": "站南巷", "vars": {"code": "{code}"}, "say": "{text}", "n": 1}'
    )
    sender(gateway, headers={"Authorization": "Bearer x"}, body=body).send(MESSAGE)
    ((path, headers, content),) = gateway.got
    assert path == "/send?app=1"
    assert headers["Authorization"] == "Bearer x"
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(content) == {
        "to": ["13812345678"], "sign": "站南巷", "vars": {"code": "123456"}, "say": "核实数字 123456",
        "n": 1,
    }  # fmt: skip


def test_without_a_body_the_number_and_the_text_are_sent(gateway):
    sender(gateway).send(MESSAGE)
    assert json.loads(gateway.got[0][2]) == {"phone": "13812345678", "text": "核实数字 123456"}


def test_quotes_in_a_text_stay_text(gateway):
    sender(gateway).send(ShortText("13812345678", 'x", "y": "', "1"))
    assert json.loads(gateway.got[0][2])["text"] == 'x", "y": "'


@pytest.mark.parametrize("status", [301, 302, 400, 403, 500])
def test_an_answer_that_says_no_is_not_asked_again(gateway, status):
    gateway.answers = [(status, b"13812345678")]
    with pytest.raises(SmsFailed) as failed:
        sender(gateway).send(MESSAGE)
    assert len(gateway.got) == 1
    assert "138" not in str(failed.value)


def test_an_answer_must_contain_what_was_agreed(gateway):
    gateway.answers = [(200, b'{"code":0}'), (200, b'{"code":7}')]
    agreed = sender(gateway, accepted='"code":0')
    agreed.send(MESSAGE)
    with pytest.raises(SmsFailed):
        agreed.send(MESSAGE)


def test_a_connection_that_breaks_is_tried_three_times(gateway):
    waited: list[float] = []
    gateway.answers = [(0, b""), (0, b"")]
    sender(gateway, waited=waited).send(MESSAGE)
    assert (len(gateway.got), waited) == (3, [1.0, 2.0])
    gateway.answers = [(0, b"")] * 3
    with pytest.raises(SmsFailed):
        sender(gateway).send(MESSAGE)


def test_no_log_names_a_number_or_a_text(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.answers = [(500, b"13812345678 123456"), (0, b""), (0, b""), (0, b"")]
    for _ in range(2):
        with pytest.raises(SmsFailed):
            sender(gateway).send(MESSAGE)
    assert caplog.text
    assert not {"13812345678", "123456"} & set(caplog.text.split())
    assert "138" not in repr(MESSAGE)


def test_a_certificate_nobody_vouches_for_is_refused(gateway):
    url = f"https://127.0.0.1:{gateway.server_port}/"
    with pytest.raises(SmsFailed):
        HttpSender(url, {}, "", wait=lambda _: None).send(MESSAGE)
    assert gateway.got == []


def test_the_console_shows_the_text_and_not_the_number():
    out = io.StringIO()
    ConsoleSender(out).send(MESSAGE)
    assert out.getvalue() == "核实数字 123456\n"


def test_settings_name_the_sender():
    assert sender_of("", "", "", "") is None
    assert isinstance(sender_of("console:", "", "", ""), ConsoleSender)
    given = sender_of("https://sms.example.cn/send", '{"X-Key": "k"}', "", "")
    assert isinstance(given, HttpSender)


@pytest.mark.parametrize(
    "setting",
    [
        {"VOTING_SMS_URL": "http://sms.example.cn/?key=geheim"},
        {"VOTING_SMS_URL": "ftp://geheim"},
        {"VOTING_SMS_URL": "https://"},
        {"VOTING_SMS_HEADERS": "geheim"},
        {"VOTING_SMS_HEADERS": '["geheim"]'},
        {"VOTING_SMS_HEADERS": '{"X": 1}'},
        {"VOTING_SMS_HEADERS": '{"X": "geheim\\r\\nY: z"}'},
        {"VOTING_SMS_BODY": '{"phone": "geheim"}'},
        {"VOTING_SMS_BODY": '{"to": "{phone}"}'},
        {"VOTING_SMS_BODY": "{"},
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_repeating_it(setting):
    (name,) = setting
    with pytest.raises(InvalidSetting) as refused:
        Config.from_environ(setting)
    assert name in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_settings_that_may_hold_a_key_are_not_shown():
    settings = {
        "VOTING_SMS_URL": "https://sms.example.cn/?key=geheim",
        "VOTING_SMS_HEADERS": '{"X-Key": "geheim"}',
        "VOTING_SMS_BODY": '{"key": "geheim", "to": "{phone}", "code": "{code}"}',
    }
    assert "geheim" not in repr(Config.from_environ(settings))
