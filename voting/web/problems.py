"""What a program is told when it cannot have what it asked for: problem details in JSON (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response, request

from voting.errors import NotFound
from voting.web.text import _, lazy_

_SENTENCES = {
    HTTPStatus.NOT_FOUND: lazy_(NotFound.msgid),
    HTTPStatus.METHOD_NOT_ALLOWED: lazy_("开放数据只能读取，请用 GET。"),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_("系统出了问题，已经记录。请过几分钟再试。"),
}


def is_open_data() -> bool:
    """Tell whether this request is a program's: it asks below ``/api/``."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str = "") -> Response:
    """Return problem details; without a sentence of its own, the status has one."""
    named = HTTPStatus(status)
    said = detail or str(_SENTENCES.get(named, _("请求有问题，请对照接口说明检查。")))
    body = {"type": "about:blank", "title": named.phrase, "status": status, "detail": said}
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, content_type="application/problem+json")
