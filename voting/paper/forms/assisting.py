"""Whom somebody looks for and is about to help, and where."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Regexp

from voting.paper.service.assisting import PLACES
from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.fields import text
from voting.web.text import lazy_

_ID = r"[a-z0-9]{1,64}\Z"


class FindForm(FlaskForm):
    """What a worker types to find somebody."""

    text = text(
        lazy_("查找居民"),
        LONGEST_SEARCH,
        required=lazy_("请填要找的居民。"),
        hint=lazy_("填楼栋房号（3栋502）、姓，或证件号码的后四位。"),
    )


class PersonForm(FlaskForm):
    """Whom it is about."""

    elector_id = HiddenField(validators=[InputRequired(), Regexp(_ID)])


class AssistForm(PersonForm):
    """Who is helped, and at the desk or at home."""

    place = RadioField(
        lazy_("在哪里"),
        choices=[SelectChoice(code, lazy_(name)) for code, name in PLACES.items()],
        default="desk",
    )
