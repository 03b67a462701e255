"""What the pages about steps and appointments send."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from voting.conduct.service import DUTY_NAMES
from voting.errors import Refusal
from voting.proposals.rules import NAME_MOST
from voting.rounds.rules import is_plain, read_phone, shown
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_, say

REASON_MOST = 200
_DUTIES = {
    "monitor": lazy_("监票人：看着开箱和计票，知道谁来开箱"),
    "teller": lazy_("计票人：参加清点和唱票"),
    "supervisor": lazy_("监督员：看项目实施和验收"),
}


def _tidy(given: object) -> str:
    return "" if given is None else shown(str(given).replace("\r\n", "\n").strip())


def _plain(_form: FlaskForm, field: Field) -> None:
    if not is_plain(field.data or "", lines=isinstance(field, TextAreaField)):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def _most(number: int) -> Length:
    return Length(max=number, message=lazy_("最多 %(most)s 个字。", most=number))


class StepForm(RefusingForm):
    """A step of a round, and why it is taken where a reason is asked for."""

    reason = TextAreaField(
        lazy_("理由"),
        description=lazy_("会写进轮次的记录，以后查得到。"),
        filters=[_tidy],
        validators=[Optional(), _most(REASON_MOST), _plain],
    )

    def asks(self, *, needed: bool) -> None:
        """Ask for a reason, or not."""
        self.reason.flags.required = needed


class PersonForm(RefusingForm):
    """A person who takes a duty."""

    name = StringField(
        lazy_("姓名"),
        filters=[_tidy],
        validators=[DataRequired(lazy_("请填姓名。")), _most(NAME_MOST), _plain],
    )
    phone = StringField(
        lazy_("电话"),
        description=lazy_("只用来分清同名的人，不保存号码。"),
        filters=[_tidy],
        validators=[Optional(), _most(24)],
    )

    def validate_phone(self, field: Field) -> None:
        """Refuse what nobody can dial."""
        if field.data:
            try:
                read_phone(field.data)
            except Refusal as refusal:
                raise ValidationError(say(refusal)) from refusal

    def person(self) -> dict[str, Any]:
        """Return name and telephone as the services take them."""
        phone = read_phone(self.phone.data) if self.phone.data else ""
        return {"name": self.name.data or "", "phone": phone}


class AppointForm(PersonForm):
    """A person and the duty."""

    duty = RadioField(
        lazy_("做什么"),
        choices=[SelectChoice(duty, _DUTIES[duty]) for duty in DUTY_NAMES],
        validators=[DataRequired(lazy_("请选择做什么。"))],
    )


class ActForm(RefusingForm):
    """A button: nothing but the token that says it was ours."""
