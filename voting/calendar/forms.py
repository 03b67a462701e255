"""What the page of the holiday table sends."""

from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Optional

from voting.calendar.rules import FESTIVALS, OTHER_NAMES
from voting.web.fields import UsualYear
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

YEARS = range(2004, 2101)


class HolidayForm(RefusingForm):
    """Days off, or weekend days that are worked, with the name of the festival."""

    first = DateField(
        lazy_("从哪天"),
        validators=[InputRequired(lazy_("请填从哪天开始。")), UsualYear(YEARS)],
    )
    last = DateField(
        lazy_("到哪天"),
        description=lazy_("只有一天就不用填。"),
        validators=[Optional(), UsualYear(YEARS)],
    )
    works = RadioField(
        lazy_("这些天"),
        choices=[SelectChoice("off", lazy_("放假")), SelectChoice("works", lazy_("上班（调休）"))],
        default="off",
        validators=[InputRequired(lazy_("请选择放假还是上班。"))],
    )
    name = SelectField(
        lazy_("什么节"),
        choices=[SelectChoice(name, lazy_(name)) for name in (*FESTIVALS, *OTHER_NAMES)],
        validators=[InputRequired()],
    )
