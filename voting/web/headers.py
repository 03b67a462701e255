"""Headers of every answer, compression, and the long life of static files."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from voting.web.problems import is_open_data

_TEXT = (
    "text/", "application/json", "application/javascript", "application/atom+xml", "image/svg+xml",
)  # fmt: skip
_LEAST = 500
# Who may show a page in a frame; a page made to be shown elsewhere says so in a policy of its own.
_FRAMED = "frame-ancestors *"

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # no-referrer would break every form over HTTPS: Flask-WTF checks the Referer there.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask, *, is_https: bool) -> None:
    """Register what happens after each request."""

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        if _FRAMED in response.headers["Content-Security-Policy"]:
            # This older header cannot say "everybody".
            del response.headers["X-Frame-Options"]
        if is_open_data():
            _open_to_all(response)
        if is_https:
            response.headers.setdefault(
                "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
            )
        _choose_cache(response)
        return _compress(response)

    @app.url_defaults
    def stamp(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "filename" in values and app.static_folder:
            values.setdefault("v", _digest(Path(app.static_folder) / str(values["filename"])))


def _open_to_all(response: Response) -> None:
    """Let the scripts of any site read open data; it is the same for everybody, signed in or not."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        response.headers["Access-Control-Max-Age"] = "86400"


_CACHED = {"static"}


def _choose_cache(response: Response) -> None:
    if request.endpoint in _CACHED:
        if "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif not response.headers.get("Cache-Control", "").startswith("public"):
        response.headers["Cache-Control"] = "no-store"
        response.headers.add("Vary", "Cookie")


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        and request.endpoint in _CACHED
        and (response.content_length or 0) < 1_000_000  # noqa: PLR2004 -- what memory may hold
    ):
        response.direct_passthrough = False
        response.make_sequence()
    if (
        response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_TEXT)
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) < _LEAST:
        return response
    packed = _packed_once(body) if request.endpoint in _CACHED else gzip.compress(body, 5, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _packed_once(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=256)
def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except OSError:
        return "0"
