"""What somebody types to find people."""

from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import Length

from voting.roll.forms.typed import stripped, visible
from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.text import lazy_


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
