"""Photographs: what people upload becomes a plain JPEG without anything that was written inside it.

The camera's orientation is applied, everything else it noted (place, time, device) is dropped, animations
keep their first frame, transparency becomes white.
"""

import io
import struct
from collections.abc import Sequence
from typing import ClassVar

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from voting.errors import Refusal

LONGEST_SIDE = 960
MOST_BYTES = 15 * 1024 * 1024
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, ZeroDivisionError,
    OverflowError, MemoryError, struct.error,
)  # fmt: skip
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

_SHEET_QUALITIES = (72, 62, 52, 44, 36, 29, 23, 18, 14, 10, 7, 5)
_SHEET_SHARES = ((1, 1), (3, 4), (1, 2), (1, 4))
_WHITE = (255, 255, 255)
_GROUND, _DRAWN = (239, 233, 224), (190, 178, 163)


class PictureRefused(Refusal):
    """The file cannot become a picture of ours."""

    status: ClassVar[int] = 422
    field = "picture"


class NotAPicture(PictureRefused):
    """Something else, or a format no browser of a resident shows."""

    msgid = "这个文件不是照片。请上传 JPG、PNG 或 WebP 格式的图片。"


class BrokenPicture(PictureRefused):
    """The beginning of a picture, and then nothing."""

    msgid = "这张图片打不开，可能没有传完整。请重新拍一张或换一张再传。"


class PictureTooLarge(PictureRefused):
    """More bytes or more pixels than a page can need."""

    msgid = "图片太大了。请用手机普通模式拍的照片，不超过 15 MB、6000 万像素。"


class HeicPicture(PictureRefused):
    """The format iPhones keep photographs in."""

    msgid = (
        "这是苹果手机的 HEIC 格式，这里打不开。请在手机“设置 → 相机 → 格式”里选“兼容性最佳”再拍，"
        "或者先用微信把照片发给自己，保存后再上传。"
    )


def clean_picture(content: bytes, *, longest: int = LONGEST_SIDE) -> bytes:
    """Return the picture as JPEG, at most ``longest`` px long, without metadata; raise a PictureRefused."""
    if len(content) > MOST_BYTES:
        raise PictureTooLarge
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise HeicPicture
    try:
        image = _open(content)
        if image.width * image.height > _MOST_PIXELS:
            raise PictureTooLarge
        return _as_jpeg(image, longest)
    except UnidentifiedImageError as other:
        raise NotAPicture from other
    except _BOMBS as bomb:
        raise PictureTooLarge from bomb
    except _BROKEN as broken:
        raise BrokenPicture from broken


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=_FORMATS)


def _as_jpeg(image: Image.Image, longest: int) -> bytes:
    # A JPEG decodes straight to a smaller size: 48 million pixels then cost no more than a few.
    image.draft("RGB", (2 * longest, 2 * longest))
    upright = _flat(ImageOps.exif_transpose(image))
    upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _save(upright, _QUALITY, progressive=True)


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture in plain RGB on white, with nothing attached."""
    if image.mode.startswith(("I;", "F")) or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (*_WHITE, 255))
        image = Image.alpha_composite(ground, layer)
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def _save(image: Image.Image, quality: int, *, progressive: bool) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True, progressive=progressive)
    return file.getvalue()


def thumbnail_sheet(
    pictures: Sequence[bytes | None],
    *,
    side: int = 64,
    most: int = 22_000,
    kinds: Sequence[str] = (),
) -> bytes:
    """Return one JPEG with a thumbnail of each picture, one below the other, of at most ``most`` bytes.

    ``pictures`` are stored ones (``clean_picture``); where there is none, a quiet drawing for its kind
    (a category's code) stands. Each thumbnail is ``side`` wide and three quarters as high; quality goes
    down, and at last the size too, until the sheet fits. Multiples of 64 keep neighbours from running
    into each other.
    """
    named = [*kinds, *([""] * len(pictures))]
    full = [_thumbnail(picture, kind, side) for picture, kind in zip(pictures, named, strict=False)]
    sheet = b""
    for times, parts in _SHEET_SHARES:
        strip = _strip(full, side * times // parts)
        for quality in _SHEET_QUALITIES:
            sheet = _save(strip, quality, progressive=False)
            if len(sheet) <= most:
                return sheet
    return sheet


def _strip(thumbnails: Sequence[Image.Image], width: int) -> Image.Image:
    height = width * 3 // 4
    strip = Image.new("RGB", (width, height * max(len(thumbnails), 1)), _GROUND)
    for index, thumbnail in enumerate(thumbnails):
        strip.paste(thumbnail.resize((width, height)), (0, index * height))
    return strip


def _thumbnail(picture: bytes | None, kind: str, side: int) -> Image.Image:
    size = (side, side * 3 // 4)
    if picture is not None:
        try:
            image = _open(picture)
            image.draft("RGB", (2 * side, 2 * side))
            return ImageOps.fit(_flat(image), size, Image.Resampling.LANCZOS)
        except _BROKEN:
            pass  # a damaged file must not take the ballot page with it
    return _placeholder(kind, size)


def _placeholder(kind: str, size: tuple[int, int]) -> Image.Image:
    """Draw a wall for works, a box for things, a circle of people for services, a plain field else."""
    # Drawn four times as large and reduced: soft edges, and smaller as JPEG.
    width, height = size[0] * 4, size[1] * 4
    image = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(image)
    unit, middle = height // 12, width // 2
    if kind == "engineering":
        roof = [(middle - 4 * unit, 6 * unit), (middle, 2 * unit), (middle + 4 * unit, 6 * unit)]
        draw.polygon(roof, fill=_DRAWN)
        draw.rectangle((middle - 3 * unit, 6 * unit, middle + 3 * unit, 10 * unit), fill=_DRAWN)
    elif kind == "equipment":
        draw.rectangle((middle - 4 * unit, 4 * unit, middle + 4 * unit, 10 * unit), fill=_DRAWN)
        draw.rectangle((middle - unit // 2, 2 * unit, middle + unit // 2, 7 * unit), fill=_GROUND)
    elif kind == "service":
        for offset in (-3, 0, 3):
            centre = middle + offset * unit
            draw.ellipse((centre - unit, 3 * unit, centre + unit, 5 * unit), fill=_DRAWN)
        draw.ellipse((middle - 5 * unit, 6 * unit, middle + 5 * unit, 14 * unit), fill=_DRAWN)
    return image.resize(size, Image.Resampling.LANCZOS)
