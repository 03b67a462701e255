"""Frames between the program and a child process of its own: eight bytes of length, then that many bytes."""

from typing import IO

LENGTH = 8


def framed(content: bytes) -> bytes:
    """Return content as one frame."""
    return len(content).to_bytes(LENGTH, "big") + content


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one frame."""
    stream.write(len(content).to_bytes(LENGTH, "big"))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None when the other side is gone."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    length = int.from_bytes(head, "big")
    content = stream.read(length)
    return content if len(content) == length else None
