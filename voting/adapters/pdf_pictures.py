"""A finished paper as one long picture, for telephones that cannot open a PDF."""

import io

from PIL import Image

from voting.adapters.pdf import page_count, picture

_DPI = 110


def long_picture(content: bytes, *, dpi: int = _DPI) -> bytes:
    """Return all pages of a PDF of our own, one below the other, as a PNG in shades of grey."""
    numbers = range(page_count(content))
    pages = [Image.open(io.BytesIO(picture(content, dpi=dpi, page=at))) for at in numbers]
    whole = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)))
    top = 0
    for page in pages:
        whole.paste(page.convert("L"), (0, top))
        top += page.height
    target = io.BytesIO()
    # Sixteen shades are enough for black print and halve the file.
    whole.quantize(16).save(target, "PNG", optimize=True)
    return target.getvalue()
