"""Language: message ids are Simplified Chinese; other languages can follow through gettext."""

from flask import Flask
from flask_babel import Babel
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy_

from voting.errors import Refusal

__all__ = ["_", "init_app", "lazy_", "say"]


def init_app(app: Flask) -> None:
    """Set up gettext."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh_Hans_CN")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app)


def say(refusal: Refusal) -> str:
    """Return a refusal's sentence in the reader's language."""
    sentence: str = _(refusal.msgid, **refusal.values)
    return sentence
