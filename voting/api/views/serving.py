"""Turns declarations into routes: every answer has an ETag, may be kept a minute, and sets no cookie."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from voting.api.document import Endpoint
from voting.api.rules import Json
from voting.api.views.blueprint import BASE, KEEP
from voting.web.access import public


@dataclass(frozen=True)
class Answer:
    """The body of an answer; ``changed_at`` where it is known when it changed last."""

    body: Json | bytes
    changed_at: datetime | None = None
    file_name: str = ""


def register(bp: Blueprint, endpoints: Iterable[Endpoint]) -> None:
    """Make a route of every declaration."""
    for endpoint in endpoints:
        bp.add_url_rule(f"{BASE}{endpoint.address}", endpoint.name, public(_view(endpoint)))


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**values: str) -> Response:
        return respond(endpoint.serve(**values), endpoint.kind)

    return view


def respond(served: Answer | Mapping[str, Any] | bytes, kind: str) -> Response:
    """Return what was served, or 304 to somebody who has it already."""
    answer = served if isinstance(served, Answer) else Answer(_body(served))
    body = answer.body
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    response = Response(content, content_type=_with_charset(kind))
    response.headers["Cache-Control"] = KEEP
    # Weak, because the same content is sent with and without compression.
    response.set_etag(hashlib.sha256(content).hexdigest()[:32], weak=True)
    if answer.changed_at:
        response.last_modified = answer.changed_at
    if answer.file_name:
        response.headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
    response.make_conditional(request)
    return response


def _body(served: Mapping[str, Any] | bytes) -> Json | bytes:
    return served if isinstance(served, bytes) else dict(served)


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
