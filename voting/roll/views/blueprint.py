"""What the pages about the roll share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file

from voting.adapters.spreadsheets import write_csv, write_report
from voting.errors import NotFound
from voting.roll.service import KeptFault
from voting.rounds.models import Round
from voting.web.text import _

bp = Blueprint("roll", __name__)
PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (8, 20, 80, 10)


@dataclass(frozen=True)
class FaultLine:
    """A fault, or a remark, as a worker reads it."""

    row: int
    column: str
    reason: str
    remark: bool


def lines_of(kept: Iterable[KeptFault]) -> list[FaultLine]:
    """Return faults and remarks in words."""
    return [
        FaultLine(line.row, _column(line), _(line.msgid, **line.values), line.remark)
        for line in kept
    ]


def _column(line: KeptFault) -> str:
    if not line.letter:
        return line.column
    return str(_("%(column)s（%(letter)s 列）", column=line.column, letter=line.letter))


def fault_page(template: str, round: Round, told: Sequence[KeptFault], **context: object) -> str:
    """Render a page that lists faults, fifty at a time."""
    page = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(told) // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound
    return render_template(
        template,
        round=round,
        lines=lines_of(told[(page - 1) * PER_PAGE : page * PER_PAGE]),
        faults=sum(not line.remark for line in told),
        remarks=sum(line.remark for line in told),
        page=page,
        pages=pages,
        **context,
    )


def send_faults(lines: Sequence[FaultLine], kind: str) -> Response:
    """Send faults and remarks as a file that a spreadsheet opens."""
    columns = [_("行"), _("列"), _("原因"), _("要改吗")]
    rows = [
        (line.row, line.column, line.reason, _("请核对") if line.remark else _("要改"))
        for line in lines
    ]
    if kind == "csv":
        content, mimetype = write_csv(columns, rows), "text/csv"
    else:
        widths = dict(zip(columns, _WIDTHS, strict=True))
        content, mimetype = write_report(_("要改的地方"), widths, rows), XLSX
    name = f"{_('名册错误报告')}.{kind}"
    return send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)
