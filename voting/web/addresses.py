"""What may stand in an address: ids of our own form, and what a person scanned or typed."""

from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """An id or number of ours; whatever else stands there is no address at all."""

    regex = r"[A-Za-z0-9-]{1,64}"


class TypedConverter(BaseConverter):
    """Whatever was scanned or typed: its page says kindly that it is not one of ours."""

    regex = r"[^/]{1,400}"


def init_app(app: Flask) -> None:
    """Let every variable of an address that says nothing else be an id."""
    app.url_map.converters["default"] = IdConverter
    app.url_map.converters["typed"] = TypedConverter
