"""How much memory a process takes with all its children: shared pages are counted once, between them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_BETWEEN = 0.05


@dataclass
class Peak:
    """The most that was seen so far, in bytes, and of how many processes together."""

    size: int = 0
    processes: int = 0


@contextmanager
def peak_of(pid: int) -> Iterator[Peak]:
    """Watch a process and its descendants until the block ends; PSS, summed."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(_BETWEEN):
            found = family(pid)
            size = sum(share_of(one) for one in found)
            if size > peak.size:
                peak.size, peak.processes = size, len(found)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def family(pid: int) -> list[int]:
    """Return a process and its descendants, as far as they live."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            own = _command(one)
            for thread in Path(f"/proc/{one}/task").iterdir():
                children = map(int, (thread / "children").read_text().split())
                # One that is just being started is still its parent, and would count it twice.
                found.extend(child for child in children if _command(child) != own)
    return found


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def share_of(pid: int) -> int:
    """Return the proportional set size of a process in bytes; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
