"""Fields of proposals: texts, categories and whole numbers, read strictly but kindly."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from voting.errors import Refusal
from voting.proposals.models import CATEGORY_NAMES
from voting.rounds.rules import is_plain, read_whole, shown
from voting.web.text import lazy_, say

Read = TypeVar("Read")


def tidy(given: object) -> str:
    """Return what was typed without the space around it, fit to be shown again."""
    return "" if given is None else shown(str(given).replace("\r\n", "\n").strip())


def _plain(_form: FlaskForm, field: Field) -> None:
    if not is_plain(field.data or "", lines=isinstance(field, TextAreaField)):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def text(
    label: Any, most: int, *, required: Any = None, hint: Any = "", area: bool = False
) -> StringField:
    """Make a text of at most ``most`` characters; ``required`` is the sentence when it is empty."""
    need = DataRequired(required) if required else Optional()
    short = Length(max=most, message=lazy_("最多 %(most)s 个字。", most=most))
    kind = TextAreaField if area else StringField
    return kind(label, description=hint, filters=[tidy], validators=[need, short, _plain])


def read(reader: Callable[..., Read], *args: Any) -> Read:
    """Read what was typed by a rule; its refusal becomes the field's sentence."""
    try:
        return reader(*args)
    except Refusal as refusal:
        raise ValidationError(say(refusal)) from refusal


def check_between(field: Field, least: int, most: int) -> None:
    """Refuse what is no whole number in a range."""
    if not least <= read(read_whole, field.data) <= most:
        raise ValidationError(
            lazy_("请填 %(least)s 到 %(most)s 之间的整数。", least=least, most=most)
        )


def categories() -> RadioField:
    """Make the choice among the three categories."""
    return RadioField(
        lazy_("类别"),
        choices=[SelectChoice(category.value, name) for category, name in CATEGORY_NAMES.items()],
        validators=[DataRequired(lazy_("请选择类别。"))],
    )
