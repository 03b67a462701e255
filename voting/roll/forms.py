"""What the pages about the roll send."""

import unicodedata
from typing import ClassVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from voting.errors import Refusal
from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.text import _, lazy_, say

_ID = r"[a-z0-9]{1,64}\Z"

# Codes for the journal, and what the worker reads.
UNDO_REASONS = (
    SelectChoice("wrong_person", lazy_("点错了人，卡没有发出去")),
    SelectChoice("returned", lazy_("居民退回了卡，卡已经收好")),
)


def _visible(_form: FlaskForm, field: Field) -> None:
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in field.data or ""):
        # No page can show them again.
        field.data = ""
        raise ValidationError(_("这里有看不见的字符，请删掉重写。"))


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class _Wanted:
    """Keeps the page from calling a search field optional; an empty search means everybody."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Accept whatever was typed."""


class UploadForm(FlaskForm):
    """A file for the roll; with ``check`` pressed it is only looked at."""

    file = FileField(
        lazy_("名册文件"), validators=[FileRequired(lazy_("请先选择填好的名册文件。"))]
    )
    old_ages_checked = BooleanField(
        lazy_("105 岁以上的人已经核对过，可以列入名册"),
        description=lazy_("第一次导入不用勾。报告里说有人超过 105 岁，核对无误后再勾。"),
    )
    check = SubmitField(lazy_("先检查，不导入"))

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence beside the file."""
        self.file.errors = [say(refusal)]


class SearchForm(FlaskForm):
    """What a worker types to find somebody; empty ends the search."""

    text = StringField(
        lazy_("查找居民"),
        description=lazy_("填楼栋房号（3栋502）、姓，或证件号码的后四位。"),
        filters=[_stripped],
        validators=[
            _Wanted(),
            Length(max=LONGEST_SEARCH, message=lazy_("查找的内容最多 40 个字。")),
            _visible,
        ],
    )


class _PersonForm(FlaskForm):
    elector_id = HiddenField(validators=[InputRequired(), Regexp(_ID)])
    page = IntegerField(validators=[Optional()])


class HandOutForm(_PersonForm):
    """Whom a card was handed to."""


class UndoForm(_PersonForm):
    """Whose hand-out is taken back, and why."""

    reason = SelectField(
        lazy_("撤销原因"),
        choices=[SelectChoice("", lazy_("请选择")), *UNDO_REASONS],
        validators=[InputRequired(lazy_("请选择撤销的原因。"))],
    )
