"""Opens seals apart from the program: reads sealed texts on stdin, answers what lay in them on stdout.

Run by ``voting.adapters.unsealing`` alone, as ``python -m voting.adapters.unsealing_child``. The private key
comes over the pipe and is nowhere else: in no argument, no setting, no file. Frames both ways: first the key,
with the lengths of an ``info`` and of a sealed text (four bytes each, all of one length); then requests, many
pairs of both put one after another. An answer has a byte for each of them, 1 or 0, and its text or zeros.
"""

import os
import resource
import signal
import sys

from voting.adapters.frames import receive, send
from voting.adapters.sealing import OVERHEAD, CannotOpen, unseal

KEY = 32
_NUMBER = 4
_POLITE = 5


def main() -> None:
    """Answer requests until stdin ends, which it does however the program ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not fall among the frames
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches the whole group: the program decides what comes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever votes in another round on this machine comes first.
    os.nice(_POLITE)
    first = receive(sys.stdin.buffer) or b""
    private, lengths = first[:KEY], first[KEY:]
    info, sealed = (int.from_bytes(lengths[at : at + _NUMBER], "big") for at in (0, _NUMBER))
    try:
        while (request := receive(sys.stdin.buffer)) is not None:
            send(answers, _answer(private, request, info, sealed))
    except BrokenPipeError:
        # Killed in the middle: nobody waits for this answer, and there is nothing to say about it.
        os._exit(0)


def _answer(private: bytes, request: bytes, info: int, sealed: int) -> bytes:
    nothing = bytes(1 + sealed - OVERHEAD)
    parts = []
    for at in range(0, len(request), info + sealed):
        middle, end = at + info, at + info + sealed
        try:
            parts.append(b"\1" + unseal(private, request[middle:end], request[at:middle]))
        except CannotOpen:
            parts.append(nothing)
    return b"".join(parts)


if __name__ == "__main__":
    main()
