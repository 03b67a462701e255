import os
import signal
import time
from pathlib import Path

import pytest

from voting.adapters import unsealing
from voting.adapters.sealing import OVERHEAD, new_private_key, public_of, seal
from voting.adapters.unsealing import Unsealers, UnsealingStopped

INFO = b"i" * 20
TEXT = 40


@pytest.fixture(scope="module")
def private():
    return new_private_key()


def pairs(private, count, *, first=0):
    texts = [b"%040d" % number for number in range(first, first + count)]
    return [(INFO, seal(public_of(private), text, INFO)) for text in texts], texts


def opening(private, children=2):
    return Unsealers(private, info=len(INFO), sealed=TEXT + OVERHEAD, children=children)


def children_of(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_children_open_everything_in_the_order_asked(private):
    asked = [pairs(private, size, first=size * 100) for size in (1, 7, 300, 2, 50, 1)]
    with opening(private) as unsealers:
        answers = list(unsealers.opened(request for request, _texts in asked))
        # As many answers as there are, and the children stay for more.
        assert list(unsealers.opened([asked[2][0]])) == [asked[2][1]]
    assert answers == [texts for _request, texts in asked]


def test_requests_larger_than_their_pipe_go_through(private, monkeypatch):
    monkeypatch.setattr(unsealing, "_PIPE", 4096)
    request, texts = pairs(private, 500)
    with opening(private) as unsealers:
        assert list(unsealers.opened([request] * 6)) == [texts] * 6


def test_what_does_not_open_is_none_in_its_place(private):
    request, texts = pairs(private, 3)
    foreign = (INFO, seal(public_of(new_private_key()), texts[0], INFO))
    moved = (b"x" * 20, request[1][1])
    with opening(private) as unsealers:
        (answer,) = unsealers.opened([[request[0], foreign, moved, request[2]]])
    assert answer == [texts[0], None, None, texts[2]]


def test_the_key_is_in_no_argument_and_no_setting(private):
    request, _texts = pairs(private, 1)
    before = set(children_of(os.getpid()))
    with opening(private, children=1) as unsealers:
        list(unsealers.opened([request]))
        (child,) = set(children_of(os.getpid())) - before
        seen = b"".join(
            Path(f"/proc/{child}/{name}").read_bytes() for name in ("cmdline", "environ")
        )
        open_files = [str(one.readlink()) for one in Path(f"/proc/{child}/fd").iterdir()]
    assert b"unsealing_child" in seen
    assert private not in seen
    assert private.hex().encode() not in seen
    assert not [name for name in open_files if name.endswith((".sqlite3", ".key"))]


def test_a_child_that_dies_stops_the_opening_and_none_is_left(private):
    request, _texts = pairs(private, 200)
    before = set(children_of(os.getpid()))

    def endless():
        while True:
            yield request

    def open_all(unsealers):
        for number, _answer in enumerate(unsealers.opened(endless())):
            if number == 3:
                os.kill((set(children_of(os.getpid())) - before).pop(), signal.SIGKILL)

    began = time.monotonic()
    with pytest.raises(UnsealingStopped), opening(private) as unsealers:
        open_all(unsealers)
    assert set(children_of(os.getpid())) == before
    assert time.monotonic() - began < 60
