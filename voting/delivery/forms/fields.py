"""Fields that only projects have: attached files, and 元 before 万元."""

from typing import Any

from flask_wtf.file import FileField, FileSize
from wtforms import Field, SelectField

from voting.adapters.attachments import clean_attachment, tidy_name
from voting.adapters.pictures import MOST_BYTES
from voting.reading import WAN, YUAN
from voting.web.db import current_files
from voting.web.fields import unit
from voting.web.text import lazy_


def small_unit(default: int) -> SelectField:
    """Make the choice between 元 and 万元: bills are in 元."""
    return unit(lazy_("单位"), default, offered=(YUAN, WAN))


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
