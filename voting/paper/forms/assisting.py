"""Whom somebody is about to help, and where."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Regexp

from voting.paper.service.assisting import PLACES
from voting.web.text import lazy_

_ID = r"[a-z0-9]{1,64}\Z"


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
