"""What somebody types to find people, and to hand a card out."""

from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional, Regexp

from voting.roll.forms.typed import stripped, visible
from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.text import lazy_

_ID = r"[a-z0-9]{1,64}\Z"

# Codes for the journal, and what the worker reads.
UNDO_REASONS = (
    SelectChoice("wrong_person", lazy_("点错了人，卡没有发出去")),
    SelectChoice("returned", lazy_("居民退回了卡，卡已经收好")),
)


class _Wanted:
    """Keeps the page from calling a search field optional; an empty search means everybody."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Accept whatever was typed."""


class SearchForm(FlaskForm):
    """What a worker types to find somebody; empty ends the search."""

    text = StringField(
        lazy_("查找居民"),
        description=lazy_("填楼栋房号（3栋502）、姓，或证件号码的后四位。"),
        filters=[stripped],
        validators=[
            _Wanted(),
            Length(max=LONGEST_SEARCH, message=lazy_("查找的内容最多 40 个字。")),
            visible,
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
