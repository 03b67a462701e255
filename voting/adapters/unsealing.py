"""Opening many seals on all cores: child processes that hold the key, and nothing else of the program.

They are started as programs of their own. A copy of this process would carry its database connections and
everything else it holds into memory that nobody watches; a pool of the standard library hands both ends
of its pipes to its workers, which then wait for ever when this process is killed. Here a child's stdin ends
with this process, however it ends, and with it the child.
"""

import fcntl
import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from types import TracebackType
from typing import IO, Self

from voting.adapters.frames import LENGTH, framed
from voting.adapters.sealing import OVERHEAD, CannotOpen, unseal
from voting.config import ROOT

COMMAND: tuple[str, ...] = (sys.executable, "-m", "voting.adapters.unsealing_child")
# Whoever hands the work out takes about a tenth of the time of one who does it: more would only wait.
MOST_CHILDREN = 8
_AHEAD = 2
_LEAST = 2
_FEW = 10
"""As many requests and less are opened here: children would only have started when they are done."""
_PIPE = 1024 * 1024
_CHUNK = 256 * 1024

Pair = tuple[bytes, bytes]
"""An ``info`` and what was sealed with it."""


class UnsealingStopped(Exception):
    """A child ended before its time: it was killed, or the machine has no memory left."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def unseal_many(
    private: bytes, requests: Iterable[Sequence[Pair]], *, children: int
) -> Iterator[list[bytes | None]]:
    """Yield what lay in the seals, request by request in the order asked; None for what does not open.

    Many are opened by ``children``; few, or with less than two children, here. Raises UnsealingStopped.
    """
    coming = iter(requests)
    first = list(islice(coming, _FEW + 1))
    every = chain(first, coming)
    pair = next((one for request in first for one in request), None)
    if pair is None or children < _LEAST or len(first) <= _FEW:
        yield from ([_unsealed(private, one) for one in request] for request in every)
        return
    yield from _by_children(private, every, like=pair, children=children)


def _by_children(
    private: bytes, requests: Iterator[Sequence[Pair]], *, like: Pair, children: int
) -> Iterator[list[bytes | None]]:
    """Let children open what has the lengths of ``like``; whatever has others is opened here."""
    asked: deque[Sequence[Pair]] = deque()
    lengths = tuple(map(len, like))

    def fitting() -> Iterator[list[Pair]]:
        for request in requests:
            asked.append(request)
            yield [one if tuple(map(len, one)) == lengths else like for one in request]

    info, sealed = lengths
    with Unsealers(private, info=info, sealed=sealed, children=children) as unsealers:
        for texts in unsealers.opened(fitting()):
            yield [
                text if tuple(map(len, one)) == lengths else _unsealed(private, one)
                for one, text in zip(asked.popleft(), texts, strict=True)
            ]


def _unsealed(private: bytes, pair: Pair) -> bytes | None:
    info, sealed = pair
    try:
        return unseal(private, sealed, info)
    except CannotOpen:
        return None


@dataclass
class _Request:
    """Something asked of a child, with its answer once it has come."""

    answer: bytes | None = None


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    stdin: IO[bytes]
    stdout: IO[bytes]
    unsent: memoryview = field(default_factory=lambda: memoryview(b""))
    got: bytearray = field(default_factory=bytearray)
    waiting: deque[_Request] = field(default_factory=deque)


class Unsealers:
    """Children that open seals with one key; use it as a context manager, from one thread.

    All ``info`` have one length, and all sealed texts.
    """

    def __init__(self, private: bytes, *, info: int, sealed: int, children: int) -> None:
        self._start_frame = framed(private + info.to_bytes(4, "big") + sealed.to_bytes(4, "big"))
        self._text = sealed - OVERHEAD
        self._number = max(1, min(children, MOST_CHILDREN))
        self._children: list[_Child] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        try:
            for _ in range(self._number):
                self._children.append(self._started())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._selector.close()
        for child in self._children:
            child.process.kill()
            child.stdin.close()
            child.stdout.close()
            child.process.wait()
        self._children.clear()

    def opened(self, requests: Iterable[Sequence[Pair]]) -> Iterator[list[bytes | None]]:
        """Yield what lay in the seals, request by request in the order asked; None for what does not open.

        Two requests a child are on their way at most. Raises UnsealingStopped.
        """
        coming, asked = iter(requests), deque[_Request]()
        while True:
            while len(asked) < self._number * _AHEAD and (pairs := next(coming, None)) is not None:
                asked.append(self._ask(pairs))
            if not asked:
                return
            self._move(0)
            while asked[0].answer is None:
                self._move(None)
            yield self._texts(asked.popleft().answer or b"")

    def _started(self) -> _Child:
        process = subprocess.Popen(  # noqa: S603 -- our own module, no arguments
            COMMAND,
            cwd=ROOT,
            env={"LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin and process.stdout  # noqa: S101, PT018 -- both were asked for
        child = _Child(process, process.stdin, process.stdout)
        for pipe in (child.stdin, child.stdout):
            os.set_blocking(pipe.fileno(), False)
            # A whole request lies in the pipe while the child is at the one before. The system may refuse.
            with suppress(OSError):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
        self._selector.register(child.stdout, selectors.EVENT_READ, child)
        self._put(child, self._start_frame)
        return child

    def _ask(self, pairs: Sequence[Pair]) -> _Request:
        request = _Request()
        child = min(self._children, key=lambda one: len(one.waiting))
        child.waiting.append(request)
        self._put(child, framed(b"".join(part for pair in pairs for part in pair)))
        return request

    def _put(self, child: _Child, content: bytes) -> None:
        if not child.unsent:
            self._selector.register(child.stdin, selectors.EVENT_WRITE, child)
        child.unsent = memoryview(bytes(child.unsent) + content)
        self._write(child)

    def _move(self, patience: float | None) -> None:
        """Send and fetch whatever can be moved now; wait for something to move unless told not to."""
        for key, _events in self._selector.select(patience):
            child: _Child = key.data
            if key.fileobj is child.stdin:
                self._write(child)
            else:
                self._read(child)

    def _write(self, child: _Child) -> None:
        try:
            sent = os.write(child.stdin.fileno(), child.unsent)
        except BlockingIOError:
            return
        except BrokenPipeError as gone:
            raise UnsealingStopped from gone
        child.unsent = child.unsent[sent:]
        if not child.unsent:
            self._selector.unregister(child.stdin)

    def _read(self, child: _Child) -> None:
        content = os.read(child.stdout.fileno(), _CHUNK)
        if not content:
            raise UnsealingStopped
        child.got += content
        while len(child.got) >= LENGTH:
            end = LENGTH + int.from_bytes(child.got[:LENGTH], "big")
            if len(child.got) < end:
                return
            child.waiting.popleft().answer = bytes(child.got[LENGTH:end])
            del child.got[:end]

    def _texts(self, answer: bytes) -> list[bytes | None]:
        step = 1 + self._text
        return [
            answer[at + 1 : at + step] if answer[at] else None for at in range(0, len(answer), step)
        ]
