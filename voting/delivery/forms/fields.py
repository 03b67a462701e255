"""Fields of projects: words, amounts with their unit, attached files, the key of a form."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileSize
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from voting.adapters.attachments import clean_attachment, tidy_name
from voting.adapters.pictures import MOST_BYTES
from voting.persistence.base import new_id
from voting.rounds.fields import read
from voting.rounds.rules import WAN, YUAN, is_plain, read_money, shown
from voting.web.db import current_files
from voting.web.text import lazy_

_UNITS = {str(YUAN): YUAN, str(WAN): WAN}


def tidy(given: object) -> str:
    """Return what was typed without the space around it, fit to be shown again."""
    return "" if given is None else shown(str(given).replace("\r\n", "\n").strip())


def text(
    label: Any, most: int, *, required: Any = None, hint: Any = "", area: bool = False
) -> StringField:
    """Make a text of at most ``most`` characters; ``required`` is the sentence when it is empty."""
    need = DataRequired(required) if required else Optional()
    short = Length(max=most, message=lazy_("最多 %(most)s 个字。", most=most))
    kind = TextAreaField if area else StringField
    return kind(label, description=hint, filters=[tidy], validators=[need, short, _plain])


def _plain(_form: FlaskForm, field: Field) -> None:
    if not is_plain(field.data or "", lines=isinstance(field, TextAreaField)):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def unit(label: Any, default: int) -> SelectField:
    """Make the choice between 元 and 万元."""
    return SelectField(
        label,
        choices=[SelectChoice(str(YUAN), lazy_("元")), SelectChoice(str(WAN), lazy_("万元"))],
        default=str(default),
        validators=[DataRequired()],
    )


def cents(amount: Field, unit: Field) -> int:
    """Return an amount in cents; raise ValidationError for what is no exact amount."""
    return read(read_money, amount.data or "", _UNITS.get(unit.data, YUAN))


def key() -> HiddenField:
    """Make the key with which a form that is sent twice makes one record."""
    return HiddenField(default=new_id)


def attachment(label: Any, *, hint: Any = "") -> FileField:
    """Make a field for a scan or a photograph of a paper."""
    size = FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。"))
    return FileField(label, description=hint, validators=[size])


def store(field: Field) -> tuple[str | None, str]:
    """Store the attached file and return its digest and tidy name; raise AttachmentRefused."""
    if not field.data:
        return None, ""
    clean = clean_attachment(field.data.read())
    return current_files().put(clean.content), tidy_name(field.data.filename or "", clean.suffix)
