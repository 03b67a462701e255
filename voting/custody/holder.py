"""Key papers as a browser brings them: each as a photograph or as typed lines.

The count, further on, asks for the same papers.
"""

from contextlib import closing
from typing import Any

from flask_wtf.file import FileField, FileSize
from wtforms import Field, TextAreaField

from voting.adapters.pictures import MOST_BYTES, PictureRefused
from voting.custody.service.reading import NoCodeFound, read_photo
from voting.web.fields import tidy
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_, say


def _photo(label: Any) -> FileField:
    return FileField(
        label, validators=[FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。"))]
    )


def _lines(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        description=lazy_("照着纸上逐行输入，每行 24 个字母和数字。大小写、空格都没有关系。"),
        filters=[tidy],
    )


class ScanForm(RefusingForm):
    """The base of forms that take papers of custody: each as a photograph or as typed lines."""

    PAPERS: tuple[str, ...] = ("first",)

    def read(self) -> bool:
        """Turn photographs into lines, so that nobody photographs twice; False where one shows nothing."""
        shown = [self._read(name) for name in self.PAPERS]
        return all(shown)

    @property
    def typed(self) -> tuple[str, ...]:
        """What is on the papers, in the order of the form."""
        return tuple(self[name].data or "" for name in self.PAPERS)

    def _read(self, name: str) -> bool:
        photo: Field = self[f"{name}_photo"]
        if not photo.data:
            return True
        try:
            with closing(photo.data) as file:
                self[name].data = read_photo(file.read())
        except (PictureRefused, NoCodeFound) as refusal:
            photo.errors = [say(refusal)]
            return False
        return True


class SheetsForm(ScanForm):
    """Two key sheets."""

    PAPERS = ("first", "second")

    first_photo = _photo(lazy_("第一张钥匙纸：拍照上传"))
    first = _lines(lazy_("第一张钥匙纸：或者逐行输入"))
    second_photo = _photo(lazy_("第二张钥匙纸：拍照上传"))
    second = _lines(lazy_("第二张钥匙纸：或者逐行输入"))


class SetForm(ScanForm):
    """One recovery set."""

    first_photo = _photo(lazy_("恢复袋里的纸：拍照上传"))
    first = _lines(lazy_("恢复袋里的纸：或者逐行输入"))
