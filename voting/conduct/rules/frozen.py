"""What freezing fixes, byte for byte; docs/2_rules/frozen_rules.md says the same in prose.

The text is the canonical JSON of RFC 8785 for the values used: objects with sorted ASCII names, whole
numbers, strings, true, false and null; never a fraction.
"""

import hashlib
from collections.abc import Mapping, Sequence

from voting.journal.rules import canonical

FORMAT = "voting round config 1"


class NotExact(Exception):
    """A value that two programs might write differently; the text names it."""


def frozen_text(content: Mapping[str, object]) -> str:
    """Return the canonical JSON of a configuration; raise NotExact for a fraction or an odd name."""
    _require_exact(content, "config")
    return canonical(content)


def frozen_hash(text: str) -> bytes:
    """Return SHA-256 of a configuration's canonical JSON in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).digest()


def _require_exact(value: object, where: str) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise NotExact(f"{where}: the name {name!r}")
            _require_exact(inner, f"{where}.{name}")
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for index, inner in enumerate(value):
            _require_exact(inner, f"{where}[{index}]")
    elif not (value is None or isinstance(value, str | bool | int)):
        raise NotExact(f"{where}: {type(value).__name__}")
