"""Sheets as people bring them: a photograph, a text file, or typed lines."""

from pathlib import Path
from typing import ClassVar

from voting.adapters.qr import read_codes
from voting.custody.rules.lines import first_byte
from voting.custody.rules.sheets import SET_KIND, SHEET_KIND
from voting.errors import Refusal

_LONGEST_NAME = 255
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


class NoCodeFound(Refusal):
    """A photograph on which no code of ours is to be read."""

    msgid: ClassVar[str] = (
        "照片里没有读到钥匙纸上的二维码。请把纸放平、光线亮一点，让二维码占满画面再拍；"
        "还是不行，就逐行输入。"
    )
    status: ClassVar[int] = 422


class Unreadable(Refusal):
    """The file is neither a photograph nor a text."""

    msgid: ClassVar[str] = "读不了文件“%(file)s”：要照片（JPG、PNG、WebP）或者文本文件。"


def read_photo(content: bytes) -> str:
    """Return what the code of a sheet or set on a photograph says; raise NoCodeFound or a PictureRefused."""
    found = (code for code in read_codes(content) if first_byte(code) in {SHEET_KIND, SET_KIND})
    code = next(found, None)
    if code is None:
        raise NoCodeFound
    return code


def read_argument(given: str) -> str:
    """Return the text of a sheet that was given on a command line as a file or in words."""
    path = Path(given)
    if len(given) > _LONGEST_NAME or "\n" in given or not path.is_file():
        return given
    content = path.read_bytes()
    if content.startswith(_PICTURES):
        return read_photo(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as other:
        raise Unreadable(file=path.name) from other
