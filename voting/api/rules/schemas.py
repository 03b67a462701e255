"""What an answer may hold: the schemas of open data (JSON Schema 2020-12), each under its name."""

from typing import Any

Schema = dict[str, Any]


def _as(kind: str, about: str, **more: Any) -> Schema:
    return {"type": kind, **({"description": about} if about else {}), **more}


def text(about: str = "", **more: Any) -> Schema:
    """Return the schema of a text."""
    return _as("string", about, **more)


def whole(about: str = "", least: int = 0) -> Schema:
    """Return the schema of a whole number."""
    return _as("integer", about, minimum=least)


def flag(about: str = "") -> Schema:
    """Return the schema of yes or no."""
    return _as("boolean", about)


def one_of(names: dict[str, str]) -> Schema:
    """Return the schema of a code with what each of its values means."""
    meaning = "；".join(f"{code} {name}" for code, name in names.items())
    return _as("string", meaning, enum=list(names))


def many(items: Schema, about: str = "") -> Schema:
    """Return the schema of a list."""
    return _as("array", about, items=items)


def maybe(schema: Schema) -> Schema:
    """Return the schema of what may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """Return the reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(**fields: Schema) -> Schema:
    """Return the schema of an object with exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def part_of(name: str) -> Schema:
    """Return the schema of one part of a list: its items, and where the next part is."""
    following = text("下一页的地址；到头了是 null", format="uri-reference")
    return record(items=many(ref(name)), next=maybe(following))


def day(about: str = "") -> Schema:
    """Return the schema of a day."""
    return text(about, format="date")


def moment(about: str = "") -> Schema:
    """Return the schema of a moment."""
    return text(about, format="date-time")


def address(about: str = "") -> Schema:
    """Return the schema of an address on this site."""
    return text(about, format="uri-reference")
