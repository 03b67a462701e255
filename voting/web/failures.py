"""What a person sees when something cannot be done: one sentence, what to do next, never a traceback."""

import logging

from flask import Flask, Response, make_response, render_template
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, InternalServerError

from voting.errors import Refusal, quotes_values
from voting.persistence.trouble import Trouble, trouble_of
from voting.web.problems import is_open_data, problem
from voting.web.text import say

_LOG = logging.getLogger(__name__)
_BARE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>暂时不能使用</title>'
    "<h1>暂时不能使用</h1><p>系统出了问题，已经记录。请过几分钟再试，您没有提交成功的内容请再提交一次。</p></html>"
)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refusal(refusal: Refusal) -> Response:
    if is_open_data():
        return problem(refusal.status, say(refusal))
    page = render_template("errors/refusal.html", sentence=say(refusal), status=refusal.status)
    return make_response(page, refusal.status)


def _http(error: HTTPException) -> Response:
    # A redirect that werkzeug raises (a missing slash) is a response already.
    if error.code is None or error.code < 400:  # noqa: PLR2004 -- HTTP's own border
        return make_response(error.get_response())
    answer = problem(error.code) if is_open_data() else make_response(_page(error.code), error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _page(status: int) -> str:
    try:
        return render_template(f"errors/{status}.html")
    except TemplateNotFound:
        return render_template("errors/400.html")


# Insufficient storage, and a service that is away for a while: both pass without anybody mending the program.
_STATUS = {Trouble.FULL: 507, Trouble.AWAY: 503}
_AGAIN_SECONDS = "60"


def _unexpected(error: Exception) -> Response:
    trouble = trouble_of(error)
    if trouble:
        return _troubled(error, trouble)
    # The type only: the text of a database error quotes the values it was given.
    _LOG.error(
        "unexpected %s", type(error).__name__, exc_info=None if quotes_values(error) else error
    )
    return _sorry(InternalServerError.code)


def _troubled(error: Exception, trouble: Trouble) -> Response:
    _LOG.error("the database is %s: %s", trouble.value, type(error).__name__)
    status = _STATUS[trouble]
    answer = _sorry(status)
    answer.headers["Retry-After"] = _AGAIN_SECONDS
    return answer


def _sorry(status: int) -> Response:
    if is_open_data():
        return problem(status)
    return make_response(_page_or_bare(f"errors/{status}.html"), status)


def _page_or_bare(template: str) -> str:
    try:
        return render_template(template)
    except Exception:  # noqa: BLE001 -- the frame itself may be what failed, the database for one
        return _BARE
