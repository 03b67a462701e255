"""Rendering and reading printed papers in tests, without the application."""

import atexit
import functools
import io
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # the library has no types
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LAParams, LTChar
from PIL import Image
from pypdf import PdfReader

from voting.adapters import pdf
from voting.adapters.fonts import FontSet, find_fonts
from voting.config import ROOT
from voting.web.filters import FILTERS


def render(template: str, **context: object) -> str:
    return _environment().get_template(template).render(**context)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters |= {function.__name__: function for function in FILTERS}
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda text: text, lambda one, many, count: one if count == 1 else many, newstyle=True
    )
    return environment


@functools.cache
def fonts() -> FontSet:
    """Return the project's typefaces; fetch them once if they are not there."""
    folder = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "fonts"
    subprocess.run([ROOT / "scripts" / "fonts.sh", folder], check=True, timeout=300)
    found = find_fonts(None, folder)
    if found.missing:
        pytest.skip(f"typefaces cannot be had on this machine: {'、'.join(found.missing)}")
    return found


@dataclass(frozen=True)
class Line:
    """Characters on one baseline; millimetres from the upper left corner of the sheet."""

    base: float
    left: float
    right: float
    size: float
    text: str


@dataclass(frozen=True)
class Code:
    """A QR code found in a picture of a page; size and place in millimetres."""

    text: str
    left: float
    top: float
    width: float


def make(paper: pdf.Paper) -> bytes:
    return _typesetter().typeset(paper)


@functools.cache
def _typesetter() -> pdf.Typesetter:
    typesetter = pdf.Typesetter(fonts())
    atexit.register(typesetter.__exit__, None, None, None)
    return typesetter


def pages(content: bytes) -> list[list[Line]]:
    """Return the lines of every page from top to bottom."""
    laid_out = extract_pages(io.BytesIO(content), laparams=LAParams())
    return [_lines(page) for page in laid_out]


def _lines(page: Any) -> list[Line]:
    rows: dict[int, list[LTChar]] = defaultdict(list)
    for char in _chars(page):
        base = (page.height - char.matrix[5]) / 72 * 25.4
        near = next((key for key in rows if abs(key / 10 - base) < 0.5), int(base * 10))
        rows[near].append(char)
    return [_line(page, sorted(row, key=lambda c: c.x0)) for _, row in sorted(rows.items())]


def _line(page: Any, row: list[LTChar]) -> Line:
    return Line(
        base=(page.height - row[0].matrix[5]) / 72 * 25.4,
        left=row[0].x0 / 72 * 25.4,
        right=row[-1].x1 / 72 * 25.4,
        size=max(char.size for char in row),
        text="".join(char.get_text() for char in row),
    )


def _chars(item: Any) -> Iterator[LTChar]:
    if isinstance(item, LTChar):
        yield item
    elif hasattr(item, "__iter__"):
        for part in item:
            yield from _chars(part)


def running_text(content: bytes) -> str:
    """Return the words in the order of lines, without page numbers and spaces."""
    lines = [line.text for page in pages(content) for line in page if line.base < 265]
    return "".join("".join(lines).split())


def open_pdf(content: bytes) -> Any:
    """Return the document as pypdf reads it, whose types promise less than it gives."""
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """Return the text layer."""
    text: str = extract_text(io.BytesIO(content))
    return text


def embedded(content: bytes) -> set[str]:
    """Return the names inside the font programs, which no style sheet can change."""
    found = set()
    for page in open_pdf(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            program = io.BytesIO(descriptor["/FontFile3"].get_data())
            found.add(TTFont(program)["CFF "].cff.fontNames[0])
    return found


def codes(content: bytes, *, page: int = 0, dpi: int = 200) -> list[Code]:
    """Return the QR codes a camera would find on a page."""
    image = Image.open(io.BytesIO(pdf.picture(content, dpi=dpi, page=page)))
    millimetre = dpi / 25.4
    return [
        Code(
            text=found.text,
            left=found.position.top_left.x / millimetre,
            top=found.position.top_left.y / millimetre,
            width=(found.position.top_right.x - found.position.top_left.x) / millimetre,
        )
        for found in zxingcpp.read_barcodes(image)
    ]
