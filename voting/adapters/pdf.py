"""Papers as PDF: HTML goes to a child process with limits, only named assets are ever resolved.

WeasyPrint measured: of 16 ways to name a resource 15 made a request and one put a local file into the
PDF (docs/adr/0010). Hence a fetcher that knows names only, a check that nothing was refused, and a child
that may not use more than a given share of processor, memory and time.
"""

import io
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, NoReturn, Self, cast

from voting.adapters.fonts import FontSet
from voting.adapters.frames import receive, send
from voting.adapters.pdf_child import OUT_OF_MEMORY
from voting.config import ROOT
from voting.errors import Refusal

log = logging.getLogger(__name__)

PDFIUM_LOCK = threading.Lock()  # the library is not made for threads
_STYLES = ROOT / "static" / "css" / "print"
_ENDED_BY_LIMIT = {
    OUT_OF_MEMORY,
    -signal.SIGXCPU,
    -signal.SIGKILL,
    -signal.SIGABRT,
    -signal.SIGTRAP,
}


class PaperTooLarge(Refusal):
    """The paper needed more time or memory than one paper may take."""

    msgid = "这份文件太大，没有排完。请减少份数，分几次生成。"


class ForbiddenAddress(Exception):
    """A paper named a resource that is not one of its assets: a fault in its template."""


class PaperFault(Exception):
    """The child failed for another reason; the text ends with its last lines."""


@dataclass(frozen=True)
class Limits:
    """What one paper may take: processor seconds, bytes of address space, seconds on the clock."""

    cpu_seconds: int = 90
    memory_bytes: int = 2 * 1024**3
    wall_seconds: float = 180


@dataclass(frozen=True)
class Paper:
    """HTML with the assets it names as ``asset:NAME``; ``sheets`` only tells how far a job has come."""

    html: str
    assets: Mapping[str, bytes] = field(default_factory=dict)
    sheets: int = 1


class Typesetter:
    """One child process that sets papers one after another; use it as a context manager.

    Starting a child costs about a second, hence one for a whole job. It is not safe to share between
    threads.
    """

    def __init__(self, fonts: FontSet, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._fonts = fonts
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed on exit
        self._child = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._errors):
            with suppress(BrokenPipeError):  # what was meant for a child that is gone
                if stream:
                    stream.close()

    def typeset(self, paper: Paper, *, title: str | None = None) -> bytes:
        """Return the PDF; raise PaperTooLarge, ForbiddenAddress or PaperFault.

        ``title`` stands in the document's properties instead of the HTML's own.
        """
        assets = {**stylesheets(), **paper.assets}
        clock = threading.Timer(self._limits.wall_seconds, self._kill)
        clock.start()
        try:
            header, content = self._exchange({"html": paper.html, "title": title}, assets)
        finally:
            clock.cancel()
        answer = json.loads(header)
        if answer["refused"]:
            raise ForbiddenAddress(", ".join(sorted(set(answer["refused"]))))
        if answer["lacking"]:
            log.warning("no typeface has these characters: %s", answer["lacking"])
        return content

    def _exchange(
        self, wish: Mapping[str, str | None], assets: Mapping[str, bytes]
    ) -> tuple[bytes, bytes]:
        wanted = cast("IO[bytes]", self._child.stdin)
        answers = cast("IO[bytes]", self._child.stdout)
        try:
            send(wanted, json.dumps({**wish, "assets": list(assets)}).encode())
            for content in assets.values():
                send(wanted, content)
        except BrokenPipeError:
            self._mourn()
        header = receive(answers)
        body = receive(answers) if header is not None else None
        if header is None or body is None:
            self._mourn()
        return header, body

    def _mourn(self) -> NoReturn:
        code = self._child.wait()
        if code in _ENDED_BY_LIMIT:
            raise PaperTooLarge
        self._errors.seek(0)
        raise PaperFault(self._errors.read()[-2000:].decode(errors="replace"))

    def _kill(self) -> None:
        if self._child.poll() is None:
            self._child.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        environ = {
            "FONTCONFIG_FILE": str(self._fonts.configuration()),
            "LANG": "C.UTF-8",
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", ""),
        }
        limits = [str(self._limits.cpu_seconds), str(self._limits.memory_bytes)]
        return subprocess.Popen(  # noqa: S603 -- our own module, two numbers
            [sys.executable, "-m", "voting.adapters.pdf_child", *limits],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )


def render(
    html: str,
    *,
    fonts: FontSet,
    assets: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> bytes:
    """Return one paper as PDF; raise what ``Typesetter.typeset`` raises.

    The style sheets of ``static/css/print`` are there without being named: ``asset:official.css``.
    """
    with Typesetter(fonts, limits) as typesetter:
        return typesetter.typeset(Paper(html, assets or {}))


def render_many(
    papers: Iterable[Paper],
    *,
    fonts: FontSet,
    title: str,
    progress: Callable[[int], None] | None = None,
    limits: Limits | None = None,
) -> bytes:
    """Return all papers in one PDF; ``progress`` hears how many sheets are done.

    Give a generator: one paper at a time is laid out, and only finished pages are kept.
    """
    done = 0
    with Typesetter(fonts, limits) as typesetter, Binder() as binder:
        for paper in papers:
            binder.add(typesetter.typeset(paper, title=title))
            done += paper.sheets
            if progress:
                progress(done)
        return binder.bound()


class Binder:
    """Joins finished PDFs; the first gives the properties."""

    def __init__(self) -> None:
        self._whole: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with PDFIUM_LOCK:
            if self._whole:
                self._whole.close()

    def add(self, content: bytes) -> None:
        """Put the pages of a PDF behind those that are there."""
        from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # the library has no types

        with PDFIUM_LOCK:
            if self._whole is None:
                self._whole = PdfDocument(content)
                return
            with PdfDocument(content) as part:
                self._whole.import_pages(part)

    def bound(self) -> bytes:
        """Return what was joined."""
        target = io.BytesIO()
        with PDFIUM_LOCK:
            if self._whole:
                self._whole.save(target)
        return target.getvalue()


def picture(content: bytes, *, dpi: int, page: int = 0) -> bytes:
    """Return one page of a PDF (our own, never an uploaded one) as PNG."""
    from pypdfium2 import PdfDocument

    target = io.BytesIO()
    with PDFIUM_LOCK, PdfDocument(content) as document:
        image = document[page].render(scale=dpi / 72).to_pil()
        image.save(target, "PNG", dpi=(dpi, dpi), optimize=True)
    return target.getvalue()


def page_count(content: bytes) -> int:
    """Return how many pages a PDF of our own has."""
    from pypdfium2 import PdfDocument

    with PDFIUM_LOCK, PdfDocument(content) as document:
        return len(document)


def stylesheets() -> Mapping[str, bytes]:
    """Return the print style sheets, and the pictures they name, by name."""
    return {path.name: path.read_bytes() for path in sorted(_STYLES.iterdir())}
