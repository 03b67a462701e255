"""What is asked of every text that somebody types."""

import unicodedata

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError

from voting.web.text import _


def visible(_form: FlaskForm, field: Field) -> None:
    """Refuse control characters: no page can show them again."""
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in field.data or ""):
        field.data = ""
        raise ValidationError(_("这里有看不见的字符，请删掉重写。"))


def stripped(text: str | None) -> str | None:
    """Return a text without the spaces around it."""
    return text.strip() if text else text
