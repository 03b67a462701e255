"""QR codes as PNG for paper and pages, as text for a terminal, and read back from photographs. Level M.

An address in capitals (``HTTPS://VOTE.EXAMPLE.CN/C/…``) is coded as alphanumeric and needs a smaller
code with larger modules; the caller decides, because only the scheme and the host ignore case.
"""

import io
import struct
import zlib
from functools import cache
from typing import Literal

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from voting.adapters.pictures import clean_picture

# Choosing among the eight masks takes most of the time (3 ms instead of 0.7 ms a code) and makes no
# difference to a reader; any mask is valid.
_MASK = 3

# A code of 60 mm on a photographed sheet of A4 keeps ten pixels a module at this size.
_LONGEST_PHOTO = 2400

Matrix = list[list[bool]]


def png(text: str, *, scale: int, border: int = 4) -> bytes:
    """Return a black and white PNG, ``scale`` pixels a module; raise ValueError if the text is too long."""
    modules = matrix(text, border=border)
    size = len(modules) * scale
    rows = b"".join(_packed(row, scale) * scale for row in modules)
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 6))
        + _chunk(b"IEND", b"")
    )


def terminal(text: str) -> str:
    """Return the code in half blocks, two rows a line, to be read from a dark terminal."""
    rows = matrix(text, border=4)
    rows.append([False] * len(rows[0]))
    glyphs = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return "\n".join(
        "".join(glyphs[pair] for pair in zip(rows[line], rows[line + 1], strict=True))
        for line in range(0, len(rows) - 1, 2)
    )


def read_codes(content: bytes) -> list[str]:
    """Return the texts of the QR codes on a photograph, none if there are none; raise a PictureRefused.

    The photograph is uploaded by somebody: it is first made anew by ``clean_picture`` (JPEG, PNG or WebP,
    its first frame, a cap on bytes and pixels), and only what that drew is searched.
    """
    # Hundreds of workers draw codes, and few ever read one.
    import zxingcpp

    with Image.open(io.BytesIO(clean_picture(content, longest=_LONGEST_PHOTO))) as image:
        found = zxingcpp.read_barcodes(
            image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    return [code.text for code in found]


def matrix(text: str, *, border: int) -> Matrix:
    """Return the modules row by row, True for dark, with a light border."""
    data = QRData(text)
    code = qrcode.QRCode(
        version=_version(data.mode, len(data)),
        error_correction=ERROR_CORRECT_M,
        border=border,
        mask_pattern=_MASK,
    )
    code.add_data(data)
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.get_matrix()]


@cache
def _version(mode: Literal[1, 2, 4], length: int) -> int:
    """Return the smallest version for so many characters; a batch asks this once."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    code.add_data(QRData(b"0" * length, mode=mode))
    try:
        return int(code.best_fit())
    except (DataOverflowError, ValueError) as error:
        raise ValueError("too long for a QR code") from error


def _packed(row: list[bool], scale: int) -> bytes:
    bits = "".join(("0" if dark else "1") * scale for dark in row)
    padded = bits + "1" * (-len(bits) % 8)
    return b"\x00" + int(padded, 2).to_bytes(len(padded) // 8, "big")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
