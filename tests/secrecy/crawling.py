"""Every GET there is, asked by every kind of visitor, and what a person could read of the answers."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.papers import words

NOBODY = "a" * 26
_TAGS = re.compile(r"<[^>]+>")
# Nothing of a round is on these, or they sign the visitor out.
_ASIDE = ("/static", "/sign-out")


@dataclass(frozen=True)
class Answer:
    """One answer: who asked, where, and all that can be read of it."""

    visitor: str
    path: str
    status: int
    text: str


def addresses(app: Flask, known: Mapping[str, str], *, papers: bool) -> list[str]:
    """Return an address for every rule that answers GET; ``papers`` are those that take seconds each."""
    found = []
    for rule in app.url_map.iter_rules():
        is_paper = rule.rule.endswith((".pdf", ".png", ".jpg"))
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(_ASIDE) or is_paper > papers:
            continue
        values: dict[str, Any] = {
            name: 1 if f"<int:{name}>" in rule.rule else known.get(name, NOBODY)
            for name in rule.arguments
        }
        if "faults" in rule.rule:
            values["kind"] = "csv"
        elif "poster-<kind>" in rule.rule:
            values["kind"] = "a4"
        for kind in known.get("steps", "").split() if "/steps/<kind>" in rule.rule else [None]:
            built = rule.build(values | ({"kind": kind} if kind else {}), append_unknown=False)
            assert built is not None
            found.append(built[1])
    return found


def crawl(visitor: str, client: FlaskClient, paths: list[str]) -> Iterator[Answer]:
    """Ask for every address in turn."""
    for path in paths:
        answer = client.get(path)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name not in _DULL)
        text = f"{head}\n{readable(answer)}"
        answer.close()
        yield Answer(visitor, path, answer.status_code, text)


# Lengths and digests are numbers of their own; the date is the clock's.
_DULL = {"Content-Length", "ETag", "Date", "Set-Cookie", "Last-Modified"}


def readable(answer: Any) -> str:
    """Return what a person, or a program of theirs, can read of an answer."""
    data: bytes = answer.data
    if answer.mimetype == "application/pdf":
        return words(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if answer.mimetype.startswith("image/") and answer.mimetype != "image/svg+xml":
        return ""
    return _TAGS.sub(" ", data.decode("utf-8", "replace"))


def numbers(text: str) -> set[str]:
    """Return the whole numbers that stand alone in a text."""
    return set(re.findall(r"(?<![\w.,:-])\d+(?![\w.,:-])", text))
