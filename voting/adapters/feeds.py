"""Atom feeds (RFC 4287), written with the standard library."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
# Ids of entries are made of our own in this space; readers know an entry by them for ever.
_SPACE = uuid.UUID("6d6f0c0e-43a5-4c5f-9d3c-2b7a3f6e9b10")
_NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One piece of news; ``key`` never changes, ``url`` is absolute."""

    key: str
    title: str
    at: datetime
    url: str
    words: str = ""


@dataclass(frozen=True)
class Feed:
    """What a feed is called, where it comes from, and what it tells."""

    key: str
    title: str
    author: str
    url: str
    own_url: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When something was told last; a feed that has told nothing has a day of old."""
        return max((one.at for one in self.entries), default=_NOTHING_YET)


def write_feed(feed: Feed) -> bytes:
    """Return a feed as an Atom document."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "zh-CN"})
    _text(root, "id", _urn(feed.key))
    _text(root, "title", feed.title)
    _text(root, "updated", _at(feed.updated))
    _text(_child(root, "author"), "name", feed.author)
    _child(root, "link", rel="alternate", type="text/html", href=feed.url)
    _child(root, "link", rel="self", type="application/atom+xml", href=feed.own_url)
    for entry in feed.entries:
        _write_entry(root, entry)
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


def _write_entry(root: ET.Element, entry: Entry) -> None:
    element = _child(root, "entry")
    _text(element, "id", _urn(entry.key))
    _text(element, "title", entry.title)
    _text(element, "updated", _at(entry.at))
    _child(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.words:
        _text(element, "content", entry.words)


def _child(parent: ET.Element, name: str, **values: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", values)


def _text(parent: ET.Element, name: str, text: str) -> None:
    # XML has no place for control characters, not even escaped ones.
    _child(parent, name).text = "".join(char for char in text if char.isprintable() or char == "\n")


def _urn(key: str) -> str:
    return uuid.uuid5(_SPACE, key).urn


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
