"""Small pictures out of plain shapes, as PNG: what the demo shows where an estate would show a photograph.

The plane is 96 wide and 72 high, its origin in the upper left corner. Later shapes lie over earlier ones.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

WIDTH, HEIGHT = 96, 72
# Drawn larger than it is shown: whoever makes it smaller gets soft edges.
_SCALE = 15

COLOURS = {
    "sky": "dfeaec", "dusk": "4b5a72", "paper": "fbf7ef", "sand": "e9dfcf", "stone": "cbc2b3",
    "road": "8d8a86", "ink": "4a443d", "red": "b4232a", "rose": "d98a80", "gold": "e9b949",
    "leaf": "6f9a6c", "wood": "a67c52", "water": "7ea7b8", "white": "ffffff",
}  # fmt: skip
_INDEX = {name: index for index, name in enumerate(COLOURS)}

Point = tuple[float, float]
Span = tuple[int, int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner."""

    colour: str
    x: float
    y: float
    width: float
    height: float

    def spans(self) -> Iterator[Span]:
        """Yield row, first and behind the last pixel."""
        left, right = int(self.x * _SCALE), int((self.x + self.width) * _SCALE)
        for row in range(int(self.y * _SCALE), int((self.y + self.height) * _SCALE)):
            yield row, left, right


@dataclass(frozen=True)
class Disc:
    """A circle by its centre."""

    colour: str
    x: float
    y: float
    radius: float

    def spans(self) -> Iterator[Span]:
        """Yield row, first and behind the last pixel."""
        x, y, radius = (int(length * _SCALE) for length in (self.x, self.y, self.radius))
        for row in range(y - radius, y + radius + 1):
            half = isqrt(radius * radius - (row - y) ** 2)
            yield row, x - half, x + half


@dataclass(frozen=True)
class Shape:
    """A polygon by its corners; it may be hollow on a side, and must not cross itself."""

    colour: str
    corners: tuple[Point, ...]

    def spans(self) -> Iterator[Span]:
        """Yield row, first and behind the last pixel."""
        corners = [(x * _SCALE, y * _SCALE) for x, y in self.corners]
        edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
        heights = [y for _x, y in corners]
        for row in range(int(min(heights)), int(max(heights)) + 1):
            crossings = sorted(_crossings(edges, row + 0.5))
            for left, right in zip(crossings[::2], crossings[1::2], strict=False):
                yield row, int(left), int(right)


def _crossings(edges: Sequence[tuple[Point, Point]], y: float) -> Iterator[float]:
    for (x1, y1), (x2, y2) in edges:
        if (y1 <= y) != (y2 <= y):
            yield x1 + (y - y1) * (x2 - x1) / (y2 - y1)


Part = Box | Disc | Shape


def draw(ground: str, parts: Sequence[Part]) -> bytes:
    """Return the picture as PNG, 1440 by 1080 points."""
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    rows = [bytearray([_INDEX[ground]]) * width for _ in range(height)]
    for part in parts:
        colour = bytes([_INDEX[part.colour]])
        for row, left, right in part.spans():
            first, behind = max(left, 0), min(right, width)
            if 0 <= row < height and first < behind:
                rows[row][first:behind] = colour * (behind - first)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", bytes.fromhex("".join(COLOURS.values())))
        + _chunk(b"IDAT", zlib.compress(b"".join(b"\x00" + row for row in rows), 1))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
