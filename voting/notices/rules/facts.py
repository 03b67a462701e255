"""Facts of a paper as the canonical JSON it is stored with. Plain values."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Facts = TypeVar("Facts")


def write_facts(facts: object) -> str:
    """Return a frozen dataclass as canonical JSON: sorted keys, no spaces, moments in UTC.

    Raises TypeError for a value that has no exact form (a float, a naive time).
    """
    return json.dumps(_plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return _plain_single(value)


def _plain_single(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a moment without a time zone")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no exact form")


def read_facts(kind: type[Facts], text: str) -> Facts:
    """Return the facts that ``write_facts`` wrote; raise ValueError or TypeError for other JSON."""
    return cast("Facts", _typed(kind, json.loads(text)))


def _typed(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        left = [option for option in inner if option is not type(None)]
        return None if value is None else _typed(left[0], value)
    if origin is tuple:
        return tuple(_typed(inner[0], item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _typed(inner[1], item) for key, item in value.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        if not isinstance(value, Mapping) or set(value) - set(hints):
            raise TypeError(f"no facts of {kind}")
        return cast("Any", kind)(
            **{name: _typed(hints[name], item) for name, item in value.items()}
        )
    return _typed_single(kind, value)


def _typed_single(kind: Any, value: Any) -> Any:
    if kind in {date, datetime}:
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
