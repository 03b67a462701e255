"""Draws one picture for a phone's album: lines of text in the middle, and a code below them.

Everything has its fixed place, so that two pictures of the same words differ in nothing but what is put
into the two boxes: a resident who shows the picture shows a receipt and no more.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from voting.adapters import qr
from voting.adapters.fonts import FontSet, Role

Box = tuple[int, int, int, int]

WIDTH, HEIGHT = 1080, 1620
CODE_BOX: Box = (90, 500, 990, 760)
QR_BOX: Box = (290, 800, 790, 1300)
_TITLE_TOP, _NAME_TOP, _FOOT_TOP = 90, 250, 1350
_TITLE, _NAME, _CODE, _FOOT = 104, 46, 92, 44
_INK, _PAPER, _GREEN, _SOFT = 0x26, 0xFF, 0x50, 0x5E
_LINE = 1.5
_PER_ROW = 2


@dataclass(frozen=True)
class Words:
    """What stands on a picture whatever is put into its boxes; long lines are broken beforehand."""

    title: str
    name: tuple[str, ...]
    foot: tuple[str, ...]


def receipt_picture(words: Words, groups: Sequence[str], address: str, fonts: FontSet) -> bytes:
    """Return a PNG of 1080 × 1620 pixels: the words, ``groups`` two in a row, ``address`` as a QR code.

    Raises ValueError if the address is too long for a code.
    """
    image = _ground(words, _face(fonts, Role.HEADING)).copy()
    draw = ImageDraw.Draw(image)
    font = _font(_face(fonts, Role.HEADING), _CODE)
    rows = ["  ".join(groups[at : at + _PER_ROW]) for at in range(0, len(groups), _PER_ROW)]
    _lines(draw, rows, font, top=CODE_BOX[1] + 12, size=_CODE)
    image.paste(_code(address), QR_BOX[:2])
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


@lru_cache(maxsize=64)
def _ground(words: Words, face: Path | None) -> Image.Image:
    image = Image.new("L", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 24), fill=_GREEN)
    _lines(draw, [words.title], _font(face, _TITLE), top=_TITLE_TOP, size=_TITLE)
    _lines(draw, words.name, _font(face, _NAME), top=_NAME_TOP, size=_NAME)
    draw.rectangle(CODE_BOX, outline=_SOFT, width=3)
    _lines(draw, words.foot, _font(face, _FOOT), top=_FOOT_TOP, size=_FOOT)
    return image


def _lines(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    font: ImageFont.FreeTypeFont,
    *,
    top: int,
    size: int,
) -> None:
    for number, line in enumerate(lines):
        middle = top + int(size * _LINE * number) + size // 2
        draw.text((WIDTH // 2, middle), line, font=font, fill=_INK, anchor="mm")


def _code(address: str) -> Image.Image:
    side = QR_BOX[2] - QR_BOX[0]
    modules = len(qr.matrix(address, border=4))
    drawn = Image.open(io.BytesIO(qr.png(address, scale=max(1, side // modules)))).convert("L")
    held = Image.new("L", (side, side), _PAPER)
    held.paste(drawn, ((side - drawn.width) // 2, (side - drawn.height) // 2))
    return held


def _face(fonts: FontSet, role: Role) -> Path | None:
    """Return the file to draw with, or None where no Chinese typeface was found."""
    return fonts.faces.get(role) or next(iter(fonts.faces.values()), next(iter(fonts.wide), None))


@lru_cache(maxsize=16)
def _font(face: Path | None, size: int) -> ImageFont.FreeTypeFont:
    if face is not None:
        return ImageFont.truetype(str(face), size)
    plain = ImageFont.load_default(size)
    if not isinstance(
        plain, ImageFont.FreeTypeFont
    ):  # pragma: no cover -- Pillow built without FreeType
        raise TypeError("Pillow was built without FreeType")
    return plain
