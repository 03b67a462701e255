"""Short messages: handed to a gateway over HTTP, or shown on the console.

Every gateway has an API of its own, so its address, headers and the JSON it wants are settings; ``{phone}``,
``{text}`` and ``{code}`` in the JSON are filled in. No log and no error here names a number or a text.
"""

import http.client
import json
import logging
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, TextIO
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

_SECONDS = 10
_ATTEMPTS = 3
_PAUSE = 1.0
_MOST_READ = 65536
BODY = '{"phone": "{phone}", "text": "{text}"}'


class SmsFailed(Exception):
    """The gateway could not be reached, or did not take the message."""


@dataclass(frozen=True, repr=False)
class ShortText:
    """A message to one telephone; ``code`` is what its text tells, for gateways that have the text."""

    to: str
    text: str
    code: str


class Sender(Protocol):
    """Sends short messages."""

    def send(self, message: ShortText) -> None:
        """Send one message; raise SmsFailed."""


class HttpSender:
    """Posts each message as JSON; over TLS, or to this very machine.

    It counts as taken when the answer is 2xx and, where ``accepted`` is given, contains that text: many
    gateways say 200 whatever happened. Redirects are not followed. A connection that fails is tried again; an
    answer that says no is not.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        body: str,
        accepted: str = "",
        *,
        context: ssl.SSLContext | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._parts = urlsplit(url)
        self._headers = {"Content-Type": "application/json; charset=utf-8", **headers}
        self._body = json.loads(body or BODY)
        self._accepted = accepted
        self._context = context
        self._wait = wait

    def send(self, message: ShortText) -> None:
        """Send one message."""
        facts = {"{phone}": message.to, "{text}": message.text, "{code}": message.code}
        content = json.dumps(_filled(self._body, facts), ensure_ascii=False).encode()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                status, answer = self._post(content)
            except (OSError, http.client.HTTPException) as failed:
                log.warning("the gateway of short messages failed: %s", type(failed).__name__)
                if attempt == _ATTEMPTS:
                    raise SmsFailed(type(failed).__name__) from failed
                self._wait(_PAUSE * attempt)
            else:
                self._require_taken(status, answer)
                return

    def _post(self, content: bytes) -> tuple[int, str]:
        with closing(self._connection()) as connection:
            target = self._parts.path or "/"
            if self._parts.query:
                target += f"?{self._parts.query}"
            connection.request("POST", target, content, self._headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_READ).decode("utf-8", "replace")

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=_SECONDS)
        context = self._context or ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)

    def _require_taken(self, status: int, answer: str) -> None:
        is_success = http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES
        if not is_success or self._accepted not in answer:
            log.warning("the gateway of short messages did not take one: status %d", status)
            raise SmsFailed(f"status {status}")


class ConsoleSender:
    """Prints messages instead of sending them: for a trial."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def send(self, message: ShortText) -> None:
        """Print the text, without the number."""
        out = self._out or sys.stdout
        out.write(f"{message.text}\n")
        out.flush()


def sender_of(url: str, headers: str, body: str, accepted: str) -> Sender | None:
    """Return the sender that the settings name: ``https://…``, ``console:``, or none."""
    if not url:
        return None
    if url == "console:":
        return ConsoleSender()
    return HttpSender(url, json.loads(headers or "{}"), body, accepted)


def _filled(part: Any, facts: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, facts) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, facts) for value in part]
    if isinstance(part, str):
        for mark, value in facts.items():
            part = part.replace(mark, value)
    return part
