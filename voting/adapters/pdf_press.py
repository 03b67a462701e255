"""Printing many copies of a few finished pages, each with digits and a code of its own.

Laying out a page takes a tenth of a second; a copy of it, with the page as a shared object, a millisecond.
Digits are pages of their own, so that they come from the same typefaces as everything else.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from voting.adapters.pdf import PDFIUM_LOCK, Binder
from voting.adapters.qr import Matrix

_POINT = 72 / 25.4
_AT_ONCE = 100
"""Copies in one document: the library takes longer over each page the more there are."""


@dataclass(frozen=True)
class Digits:
    """Figures on a page: millimetres from its upper left corner, ``advance`` from one to the next."""

    text: str
    left: float
    top: float
    advance: float


@dataclass(frozen=True)
class Code:
    """A QR code on a page: millimetres from its upper left corner, light border included."""

    matrix: Matrix
    left: float
    top: float
    size: float


@dataclass(frozen=True)
class Copy:
    """A page to be printed: page ``number`` (from 0) of one of the sources, and what is put onto it."""

    source: int
    number: int
    digits: tuple[Digits, ...] = ()
    code: Code | None = None


def press(
    sources: Sequence[bytes],
    glyphs: bytes,
    copies: Iterable[Copy],
    *,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Return one PDF with all copies; ``progress`` hears how many are done.

    ``glyphs`` has one page for each figure from 0 to 9; its title becomes the title of the whole.
    """
    with Binder() as binder:
        done, waiting = 0, iter(copies)
        while some := list(islice(waiting, _AT_ONCE)):
            binder.add(_pressed(sources, glyphs, some))
            done += len(some)
            if progress:
                progress(done)
        return binder.bound()


def _pressed(sources: Sequence[bytes], glyphs: bytes, copies: Sequence[Copy]) -> bytes:
    with PDFIUM_LOCK, ExitStack() as stack:
        machine = _Press(stack, sources, glyphs)
        for copy in copies:
            machine.print(copy)
        return machine.bound()


class _Press:
    def __init__(self, stack: ExitStack, sources: Sequence[bytes], glyphs: bytes) -> None:
        from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # the library has no types

        def opened(content: bytes) -> Any:
            return stack.enter_context(PdfDocument(content))

        self._whole = opened(glyphs)
        self._glyph_pages = len(self._whole)
        self._sources = [opened(source) for source in sources]
        figures = opened(glyphs)
        self._figures = [self._shared(figures, at) for at in range(10)]
        self._pages: dict[tuple[int, int], Any] = {}

    def _shared(self, source: Any, number: int) -> Any:
        return source.page_as_xobject(number, self._whole)

    def print(self, copy: Copy) -> None:
        source = self._sources[copy.source]
        key = (copy.source, copy.number)
        if key not in self._pages:
            self._pages[key] = self._shared(source, copy.number)
        width, height = source.get_page_size(copy.number)
        page = self._whole.new_page(width, height)
        page.insert_obj(self._pages[key].as_pageobject())
        for digits in copy.digits:
            self._put_digits(page, height, digits)
        if copy.code:
            page.insert_obj(_path_of(copy.code, height))
        page.gen_content()
        page.close()

    def _put_digits(self, page: Any, height: float, digits: Digits) -> None:
        from pypdfium2 import PdfMatrix

        glyph_height = self._whole.get_page_size(0)[1]
        left = digits.left
        for char in digits.text:
            if char != " ":
                figure = self._figures[int(char)].as_pageobject()
                below = height - digits.top * _POINT - glyph_height
                figure.transform(PdfMatrix().translate(left * _POINT, below))
                page.insert_obj(figure)
            left += digits.advance if char != " " else digits.advance / 2

    def bound(self) -> bytes:
        for _ in range(self._glyph_pages):
            del self._whole[0]
        target = io.BytesIO()
        self._whole.save(target)
        return target.getvalue()


def _path_of(code: Code, height: float) -> Any:
    """Return the dark modules as one filled path: a picture of them would be blurred by some viewers."""
    from pypdfium2 import PdfObject, raw

    module = code.size * _POINT / len(code.matrix)
    left, top = code.left * _POINT, height - code.top * _POINT
    path = raw.FPDFPageObj_CreateNewPath(left, top)
    for row, cells in enumerate(code.matrix):
        above = top - row * module
        for first, length in _runs(cells):
            near, far = left + first * module, left + (first + length) * module
            raw.FPDFPath_MoveTo(path, near, above)
            for x, y in ((far, above), (far, above - module), (near, above - module)):
                raw.FPDFPath_LineTo(path, x, y)
            raw.FPDFPath_Close(path)
    raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_WINDING, 0)
    return PdfObject(path)


def _runs(cells: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where dark modules begin in a row, and how many follow each other."""
    at = 0
    for dark, run in groupby(cells):
        length = sum(1 for _ in run)
        if dark:
            yield at, length
        at += length
