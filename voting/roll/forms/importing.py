"""A file for the roll, and which of its columns holds what."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from voting.adapters.spreadsheets import Row, Sheet
from voting.errors import Refusal
from voting.roll.rules.cells import BASIS_WORDS
from voting.roll.rules.columns import (
    BASIS,
    FIELDS,
    HEADER_WITHIN,
    NAME,
    NUMBER,
    WIDEST,
    Header,
    field_name,
    letter,
)
from voting.roll.service import Naming
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_, say

_WHOLE = "all:"
_LONGEST_LABEL = 16


class UploadForm(RefusingForm):
    """A file for the roll."""

    file = FileField(
        lazy_("名册文件"), validators=[FileRequired(lazy_("请先选择填好的名册文件。"))]
    )

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence beside the file."""
        self.file.errors = [say(refusal)]


class _ColumnsForm(RefusingForm):
    sheet = SelectField(lazy_("读哪一张表"))
    header_row = SelectField(
        lazy_("表头在第几行"), description=lazy_("表头就是写着“姓名”“证件号码”的那一行。")
    )
    # What the page showed: another sheet or row has other columns.
    seen = HiddenField()
    old_ages_checked = BooleanField(
        lazy_("105 岁以上的人已经核对过，可以列入名册"),
        description=lazy_("第一次导入不用勾。检查结果说有人超过 105 岁，核对无误后再勾。"),
    )

    def columns(self) -> list[Any]:
        """Return the fields that say where a column stands, in the template's order."""
        return [self[field_name(column)] for column in FIELDS]

    @property
    def choice(self) -> str:
        """What the sheet and the header's row were chosen to be."""
        return f"{self.sheet.data}.{self.header_row.data}"

    def offer(self, sheets: Sequence[Sheet], chosen: Sheet, header_row: int) -> None:
        """Fill in what may be chosen."""
        self.sheet.choices = [
            SelectChoice(
                str(place),
                _("%(name)s（%(rows)d 行）", name=sheet.name or _("表格"), rows=len(sheet.rows)),
            )
            for place, sheet in enumerate(sheets)
        ]
        first = [row for row, _cells in chosen.rows if row <= HEADER_WITHIN]
        self.header_row.choices = [
            *(SelectChoice(str(row), _("第 %(row)d 行", row=row)) for row in first),
            SelectChoice("0", _("没有表头，第一行就是人")),
        ]
        offered = [SelectChoice(str(at), text) for at, text in _labels(chosen.rows, header_row)]
        for column in FIELDS:
            field = self[field_name(column)]
            nothing = _("请选择") if column in {NAME, NUMBER} else _("没有这一列")
            whole = _whole() if column == BASIS else []
            field.choices = [SelectChoice("", nothing), *whole, *offered]

    def show(self, naming: Naming) -> None:
        """Choose what a naming says."""
        self.sheet.data = str(naming.sheet)
        self.header_row.data = str(naming.header.row)
        self.seen.data = self.choice
        self.old_ages_checked.data = naming.old_ages_checked
        for column in FIELDS:
            place = naming.header.places.get(column)
            self[field_name(column)].data = "" if place is None else str(place)
        if naming.header.basis:
            self[field_name(BASIS)].data = _WHOLE + naming.header.basis

    def naming(self) -> Naming:
        """Return what was chosen."""
        chosen: Mapping[str, str] = {
            column: self[field_name(column)].data or "" for column in FIELDS
        }
        places = {column: int(text) for column, text in chosen.items() if text.isdecimal()}
        basis = chosen[BASIS].removeprefix(_WHOLE) if chosen[BASIS].startswith(_WHOLE) else ""
        header = Header(int(self.header_row.data), places, basis)
        return Naming(int(self.sheet.data), header, old_ages_checked=self.old_ages_checked.data)


def columns_form(**given: Any) -> _ColumnsForm:
    """Return a form with one select for each column of the template."""
    form: _ColumnsForm = _Form(**given)
    return form


_Form = type(
    "ColumnsForm",
    (_ColumnsForm,),
    {field_name(column): SelectField(column) for column in FIELDS},
)


def _whole() -> list[Any]:
    words = [(word, _("整张表都是：%(basis)s", basis=word)) for word in BASIS_WORDS]
    return [SelectChoice(_WHOLE + word, text) for word, text in words]


def _labels(rows: Sequence[Row], header_row: int) -> list[tuple[int, str]]:
    width = min(max((len(cells) for _row, cells in rows), default=0), WIDEST)
    head = next((cells for row, cells in rows if row == header_row), ())
    return [(place, _label(place, head)) for place in range(width)]


def _label(place: int, head: Sequence[object]) -> str:
    cell = head[place] if place < len(head) else None
    words = " ".join(str(cell).split())[:_LONGEST_LABEL] if isinstance(cell, str) else ""
    # A wrong row may have been taken for the header: then these are somebody's figures.
    plain = "".join("*" if char.isdigit() else char for char in words)
    return str(_("%(letter)s 列 %(words)s", letter=letter(place), words=plain)).strip()
