"""Fields of forms for rounds and later stages: texts, days, amounts, whole numbers, read strictly."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from voting.errors import Refusal
from voting.rounds.rules import WAN, is_plain, read_money, read_whole, shown
from voting.web.text import lazy_, say

Read = TypeVar("Read")
USUAL_YEARS = range(2000, 2101)


def tidy(given: object) -> str:
    """Return what was typed without the space around it, fit to be shown again."""
    return "" if given is None else shown(str(given).strip())


def _plain(_form: FlaskForm, field: Field) -> None:
    if not is_plain(field.data or ""):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def line(label: Any, most: int, *, required: Any = None, hint: Any = "") -> StringField:
    """Make a line of text of at most ``most`` characters; ``required`` is the sentence when it is empty."""
    need = DataRequired(required) if required else Optional()
    short = Length(max=most, message=lazy_("最多 %(most)s 个字。", most=most))
    return StringField(label, description=hint, filters=[tidy], validators=[need, short, _plain])


def day(label: Any, *, required: Any = None, hint: Any = "") -> DateField:
    """Make a day of a usual year."""
    need = DataRequired(required) if required else Optional()
    return DateField(label, description=hint, validators=[need, _usual_year])


def _usual_year(_form: FlaskForm, field: Field) -> None:
    if field.data and field.data.year not in USUAL_YEARS:
        raise ValidationError(lazy_("请检查年份。"))


def read(reader: Callable[..., Read], *args: Any) -> Read:
    """Read what was typed by a rule; its refusal becomes the field's sentence."""
    try:
        return reader(*args)
    except Refusal as refusal:
        raise ValidationError(say(refusal)) from refusal


class _Between:
    """A whole number in a range; an empty field is left to the other validators."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not self.least <= read(read_whole, field.data) <= self.most:
            raise ValidationError(
                lazy_("请填 %(least)s 到 %(most)s 之间的整数。", least=self.least, most=self.most)
            )


def number(
    label: Any, least: int, most: int, *, default: int | None = None, hint: Any = ""
) -> StringField:
    """Make a whole number in a range; without a default it may stay empty."""
    need = Optional() if default is None else DataRequired(lazy_("请填数字。"))
    text = None if default is None else str(default)
    validators = [need, _Between(least, most)]
    return StringField(label, description=hint, default=text, filters=[tidy], validators=validators)


def money(label: Any, *, hint: Any = "") -> StringField:
    """Make an amount in 万元 that may stay empty."""
    return StringField(label, description=hint, filters=[tidy], validators=[Optional(), _exact_wan])


def _exact_wan(_form: FlaskForm, field: Field) -> None:
    read(read_money, field.data, WAN)


class _Ticks(SelectMultipleField):
    """A group of ticks that says in a whole sentence when one of them is not offered."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        del form
        if not set(self.data or ()) <= {value for value, *_ in self.iter_choices()}:
            raise ValidationError(lazy_("选中的不在名单里。请重新选。"))


def ticks(label: Any, *, required: Any, hint: Any = "") -> SelectMultipleField:
    """Make a group of ticks, one at least; ``required`` is the sentence for none. Its choices come later."""
    return _Ticks(
        label,
        description=hint,
        choices=[],
        validators=[DataRequired(required)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
