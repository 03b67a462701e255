"""Photographs that weigh as much as real ones: like nature, they have detail at every scale."""

import io
import random

from PIL import Image, ImageDraw

from voting.adapters.pictures import clean_picture

_SIZE = (1280, 960)
_OCTAVES = (4, 8, 16, 32, 64, 128)
_WALLS = ("#b7a58a", "#8d9a8f", "#c9b7a0", "#9c8478", "#a9b2bd")


def photograph(seed: int) -> bytes:
    """Return a picture file as a telephone would send it: houses and trees that do not exist."""
    chance = random.Random(seed)  # noqa: S311 -- no secret, only a picture
    image = _houses(chance)
    for octave in _OCTAVES:
        grain = _noise(chance, (octave * 4, octave * 3)).resize(_SIZE, Image.Resampling.BICUBIC)
        image = Image.blend(image, grain, 0.09)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def stored_photograph(seed: int) -> bytes:
    """Return the picture as the platform keeps it."""
    return clean_picture(photograph(seed))


def _noise(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, chance.randbytes(size[0] * size[1])).convert("RGB")


def _houses(chance: random.Random) -> Image.Image:
    width, height = _SIZE
    image = Image.new("RGB", _SIZE, "#c4d8e6")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill="#7f8a6a")
    for _ in range(4):
        left, top = chance.randrange(width), chance.randrange(height // 3)
        right, bottom = left + chance.randrange(200, 500), height * 3 // 4
        draw.rectangle((left, top, right, bottom), fill=chance.choice(_WALLS))
        for x in range(left + 20, right - 30, 60):
            for y in range(top + 20, bottom - 40, 70):
                draw.rectangle((x, y, x + 28, y + 40), fill="#46525c")
    for _ in range(5):
        x, y, radius = chance.randrange(width), chance.randrange(height // 2, height), 110
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#4f6b3d")
    return image
