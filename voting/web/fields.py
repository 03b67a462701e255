"""Fields of forms, read strictly but kindly: texts, days, amounts, whole numbers, telephones, ticks."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from voting.errors import Refusal
from voting.persistence.base import new_id
from voting.reading import (
    WAN,
    YUAN,
    is_plain,
    read_money,
    read_percent,
    read_phone,
    read_whole,
    shown,
)
from voting.web.text import lazy_, say

Read = TypeVar("Read")
USUAL_YEARS = range(2000, 2101)
_UNIT_NAMES = {WAN: lazy_("万元"), YUAN: lazy_("元")}
_PHONE_MOST = 24
_STRANGE = lazy_("选中的不在名单里。请重新选。")


def tidy(given: object) -> str:
    """Return what was typed without the space around it, fit to be shown again."""
    return "" if given is None else shown(str(given).replace("\r\n", "\n").strip())


def plain(_form: FlaskForm, field: Field) -> None:
    """Refuse what nobody sees; a field of several lines may have line breaks."""
    if not is_plain(field.data or "", lines=isinstance(field, TextAreaField)):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def read(reader: Callable[..., Read], *args: Any) -> Read:
    """Read what was typed by a rule; its refusal becomes the field's sentence."""
    try:
        return reader(*args)
    except Refusal as refusal:
        raise ValidationError(say(refusal)) from refusal


def _need(required: Any) -> Any:
    return DataRequired(required) if required else Optional()


def text(
    label: Any,
    most: int,
    *,
    required: Any = None,
    hint: Any = "",
    area: bool = False,
    default: str | None = None,
) -> StringField:
    """Make a text of at most ``most`` characters; ``required`` is the sentence when it is empty."""
    short = Length(max=most, message=lazy_("最多 %(most)s 个字。", most=most))
    kind = TextAreaField if area else StringField
    validators = [_need(required), short, plain]
    return kind(label, description=hint, default=default, filters=[tidy], validators=validators)


class _Wanted:
    """Keeps the page from calling a search field optional; an empty search means everybody."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Accept whatever was typed."""


def sought(label: Any, most: int, *, hint: Any = "") -> StringField:
    """Make a field for what is looked for, at most ``most`` characters or nothing."""
    short = Length(max=most, message=lazy_("查找的内容最多 %(most)s 个字。", most=most))
    return StringField(
        label, description=hint, filters=[tidy], validators=[_Wanted(), short, plain]
    )


def phone(label: Any, *, required: Any = None, hint: Any = "") -> StringField:
    """Make a telephone number that can be dialled."""
    short = Length(max=_PHONE_MOST, message=lazy_("最多 %(most)s 个字。", most=_PHONE_MOST))
    validators = [_need(required), short, plain, _dialled]
    return StringField(label, description=hint, filters=[tidy], validators=validators)


def _dialled(_form: FlaskForm, field: Field) -> None:
    if field.data:
        read(read_phone, field.data)


class UsualYear:
    """A day that is no slip of the finger; an empty field is left to the other validators."""

    def __init__(self, years: range = USUAL_YEARS) -> None:
        self._years = years

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse another year."""
        if field.data and field.data.year not in self._years:
            raise ValidationError(lazy_("请检查年份。"))


def day(label: Any, *, required: Any = None, hint: Any = "") -> DateField:
    """Make a day of a usual year."""
    return DateField(label, description=hint, validators=[_need(required), UsualYear()])


def digits(label: Any, *, required: Any = None, hint: Any = "") -> StringField:
    """Make a field for figures; its form says what they are, by ``cents`` or ``check_between``."""
    return StringField(label, description=hint, filters=[tidy], validators=[_need(required)])


def check_between(field: Field, least: int, most: int) -> None:
    """Refuse what is no whole number in a range."""
    if not least <= read(read_whole, field.data) <= most:
        raise ValidationError(
            lazy_("请填 %(least)s 到 %(most)s 之间的整数。", least=least, most=most)
        )


def number(
    label: Any, least: int, most: int, *, default: int | None = None, hint: Any = ""
) -> StringField:
    """Make a whole number in a range; without a default it may stay empty."""

    def between(_form: FlaskForm, field: Field) -> None:
        check_between(field, least, most)

    need = Optional() if default is None else DataRequired(lazy_("请填数字。"))
    text = None if default is None else str(default)
    validators = [need, between]
    return StringField(label, description=hint, default=text, filters=[tidy], validators=validators)


def money(label: Any, *, hint: Any = "") -> StringField:
    """Make an amount in 万元 that may stay empty."""
    return StringField(label, description=hint, filters=[tidy], validators=[Optional(), _exact_wan])


def _exact_wan(_form: FlaskForm, field: Field) -> None:
    read(read_money, field.data, WAN)


def percent(label: Any, *, hint: Any = "") -> StringField:
    """Make a per cent with at most one decimal that may stay empty."""
    return StringField(
        label, description=hint, filters=[tidy], validators=[Optional(), _exact_share]
    )


def _exact_share(_form: FlaskForm, field: Field) -> None:
    read(read_percent, field.data)


def unit(label: Any, default: int = WAN, *, offered: Iterable[int] = (WAN, YUAN)) -> SelectField:
    """Make the choice between 万元 and 元."""
    return SelectField(
        label,
        choices=[SelectChoice(str(cents), _UNIT_NAMES[cents]) for cents in offered],
        default=str(default),
        validators=[DataRequired()],
    )


def cents(amount: Field, unit: Field) -> int:
    """Return an amount in cents; raise ValidationError for what is no exact amount."""
    units = {str(cents): cents for cents in _UNIT_NAMES}
    # A unit that was not offered has a sentence of its own.
    return read(read_money, amount.data or "", units.get(unit.data, WAN))


def key() -> HiddenField:
    """Make the key with which a form that is sent twice makes one record."""
    return HiddenField(default=new_id)


class _Ticks(SelectMultipleField):
    """A group of ticks that says in a whole sentence when one of them is not offered."""

    def __init__(self, *args: Any, strange: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._strange = strange

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        del form
        if not set(self.data or ()) <= {value for value, *_ in self.iter_choices()}:
            raise ValidationError(self._strange)


def ticks(
    label: Any,
    *,
    required: Any = None,
    hint: Any = "",
    choices: Iterable[SelectChoice] = (),
    default: Iterable[str] | None = None,
    strange: Any = _STRANGE,
) -> SelectMultipleField:
    """Make a group of ticks; ``required`` is the sentence for none, ``strange`` for one not offered.

    Its choices may come later.
    """
    return _Ticks(
        label,
        description=hint,
        choices=list(choices),
        default=default,
        validators=[_need(required)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        strange=strange,
    )
