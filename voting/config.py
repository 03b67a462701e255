"""Typed settings. Every ``VOTING_*`` variable is read here and documented in docs/3_operations.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class InvalidSetting(Exception):
    """A setting cannot be used; the text names the variable and says what is expected."""


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise InvalidSetting(f"{name} must be a whole number from {least} to {most}, not {raw!r}")
    return int(raw)


def _public_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise InvalidSetting(
            "VOTING_PUBLIC_URL must be like https://vote.example.cn, without a path"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _smtp_url(raw: str) -> str:
    """Check where letters go; what is refused is never repeated: it may hold a password."""
    if raw in {"", "console:"}:
        return raw
    try:
        parts = urlsplit(raw)
        is_good = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise InvalidSetting(
            "VOTING_SMTP_URL must be like smtps://name:password@mail.example.cn:465, smtp://… or console:"
        )
    return raw


def _mail_from(raw: str, smtp_url: str) -> str:
    if not smtp_url.startswith("smtp"):
        return raw
    name, _, host = raw.partition("@")
    if not (name and host and raw.isascii() and raw.isprintable() and " " not in raw):
        raise InvalidSetting("VOTING_MAIL_FROM must be an address like ledger@vote.example.cn")
    return raw


def _sms_url(raw: str) -> str:
    """Check where short messages go; what is refused is never repeated: it may hold a key."""
    if raw in {"", "console:"}:
        return raw
    try:
        parts = urlsplit(raw)
        is_local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        is_good = parts.hostname and parts.port != 0 and (parts.scheme == "https" or is_local)
    except ValueError:
        is_good = False
    if not is_good:
        raise InvalidSetting(
            "VOTING_SMS_URL must be like https://sms.example.cn/send, http:// to this machine, or console:"
        )
    return raw


def _json_object(name: str, raw: str) -> str:
    try:
        is_good = not raw or isinstance(json.loads(raw), dict)
    except ValueError:
        is_good = False
    if not is_good:
        raise InvalidSetting(f"{name} must be a JSON object")
    return raw


def _sms_headers(raw: str) -> str:
    given = json.loads(_json_object("VOTING_SMS_HEADERS", raw) or "{}")
    for name, value in given.items():
        if not isinstance(value, str) or not (name + value).isprintable() or not name.isascii():
            raise InvalidSetting("VOTING_SMS_HEADERS must give each header a text of one line")
    return raw


def _sms_body(raw: str) -> str:
    body = _json_object("VOTING_SMS_BODY", raw)
    if body and ("{phone}" not in body or not ("{text}" in body or "{code}" in body)):
        raise InvalidSetting("VOTING_SMS_BODY must hold {phone}, and {text} or {code}")
    return body


@dataclass(frozen=True)
class Config:
    """All settings of one process; immutable."""

    var: Path
    secrets: Path
    database_url: str
    public_url: str
    port: int
    proxy_hops: int = 0
    workers: int = 2
    idle_minutes: int = 30
    absolute_hours: int = 12
    sign_in_tries: int = 5
    lockout_minutes: int = 15
    font_dir: Path | None = None
    log_level: str = "INFO"
    smtp_url: str = field(default="", repr=False)  # may hold a password
    mail_from: str = ""
    sms_url: str = field(default="", repr=False)  # these may hold a key
    sms_headers: str = field(default="", repr=False)
    sms_body: str = field(default="", repr=False)
    sms_accepted: str = ""

    @property
    def is_https(self) -> bool:
        """Whether cookies may be ``Secure`` and carry the ``__Host-`` prefix."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; raise InvalidSetting that names the variable."""
        var = Path(environ.get("VOTING_VAR") or ROOT / "var").resolve()
        port = _whole(environ, "PORT", 8000, 1, 65535)
        font_dir = environ.get("VOTING_FONT_DIR")
        level = environ.get("VOTING_LOG_LEVEL", "INFO").upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise InvalidSetting("VOTING_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
        smtp_url = _smtp_url(environ.get("VOTING_SMTP_URL", ""))
        return cls(
            var=var,
            secrets=Path(environ.get("VOTING_SECRETS") or var / "secrets").resolve(),
            database_url=environ.get("VOTING_DATABASE_URL") or f"sqlite:///{var}/voting.sqlite3",
            public_url=_public_url(environ.get("VOTING_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
            port=port,
            proxy_hops=_whole(environ, "VOTING_PROXY_HOPS", 0, 0, 5),
            workers=_whole(environ, "VOTING_WORKERS", 2, 1, 64),
            idle_minutes=_whole(environ, "VOTING_IDLE_MINUTES", 30, 1, 24 * 60),
            absolute_hours=_whole(environ, "VOTING_ABSOLUTE_HOURS", 12, 1, 7 * 24),
            sign_in_tries=_whole(environ, "VOTING_SIGN_IN_TRIES", 5, 1, 20),
            lockout_minutes=_whole(environ, "VOTING_LOCKOUT_MINUTES", 15, 1, 24 * 60),
            font_dir=Path(font_dir) if font_dir else None,
            log_level=level,
            smtp_url=smtp_url,
            mail_from=_mail_from(environ.get("VOTING_MAIL_FROM", ""), smtp_url),
            sms_url=_sms_url(environ.get("VOTING_SMS_URL", "")),
            sms_headers=_sms_headers(environ.get("VOTING_SMS_HEADERS", "")),
            sms_body=_sms_body(environ.get("VOTING_SMS_BODY", "")),
            sms_accepted=environ.get("VOTING_SMS_ACCEPTED", ""),
        )
