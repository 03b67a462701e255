"""Files that are read into the roll: the template, the upload, and what became of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from voting.adapters.spreadsheets import MOST_BYTES, read_table, write_csv, write_template
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import UploadForm
from voting.roll.rules.columns import BASIS, BASIS_WORDS, COLUMNS
from voting.roll.service import (
    ImportReport,
    KeptFault,
    RollFrozen,
    as_kept,
    faults_of,
    get_import,
    import_roll,
    imports_of,
)
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, lazy_

PER_PAGE = 50
_WIDTHS = dict(zip(COLUMNS, (12, 24, 8, 24, 16), strict=True))
_NOTES = (
    lazy_("一行填一个人，从第 2 行开始填。列的名称不要改，列的先后可以换。"),
    lazy_("姓名：证件上的全名，不要打星号。"),
    lazy_("证件号码：居民身份证、港澳台居民居住证、外国人永久居留身份证上的号码。"),
    lazy_("这一列已经设成文本。从别处粘贴时，请选“只粘贴文本”，不要让号码变成 3.60103E+17。"),
    lazy_("类型：填“居住”“工作”或“学习”。同一个人只填一行。"),
    lazy_("楼栋房号：例如 3栋2单元502。类型是居住的必须填。"),
    lazy_("手机号：可以不填，也可以填带区号的固定电话。老人可以填子女的电话。"),
    lazy_("号码、房号和电话加密保存，页面上只看得到打了星号的样子。填好的文件用完请删除。"),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NEWEST_FILE_NAME = 100


@dataclass(frozen=True)
class Line:
    """A fault as a worker reads it."""

    row: int
    column: str
    reason: str


@bp.get("/desk/rounds/<round_id>/roll/template.xlsx")
@on_round(Permission.ROLL_READ)
def template(round: Round) -> Response:
    """Send the spreadsheet to fill in."""
    del round
    notes = [str(note) for note in _NOTES]
    content = write_template("名册", _WIDTHS, choices={BASIS: BASIS_WORDS}, notes=notes)
    return _download(content, _XLSX, _("名册模板") + ".xlsx")


@bp.get("/desk/rounds/<round_id>/roll/import")
@on_round(Permission.ROLL_IMPORT)
def upload(round: Round) -> str:
    """Ask for a file; show what became of earlier ones."""
    if round.frozen_at is not None:
        raise RollFrozen
    return _upload_page(round, UploadForm())


@bp.post("/desk/rounds/<round_id>/roll/import")
@on_round(Permission.ROLL_IMPORT)
def upload_submit(round: Round) -> Any:
    """Read a file into the roll, or only look at it."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            report = _read(round, form, dry_run=form.check.data)
        except RollFrozen:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if form.check.data:
                return _checked_page(round, report)
            address = url_for("roll.imported", round_id=round.id, import_id=report.import_id)
            return redirect(address, 303)
    return _upload_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/roll/imports/<import_id>")
@on_round(Permission.ROLL_IMPORT)
def imported(round: Round, import_id: str) -> str:
    """Show what became of a file, fault by fault."""
    kept = get_import(get_session(), round.id, import_id)
    lines = _lines(faults_of(kept))
    page = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(lines) // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound
    return render_template(
        "roll/imported.html",
        round=round,
        kept=kept,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(lines),
        page=page,
        pages=pages,
        checked=False,
    )


@bp.get("/desk/rounds/<round_id>/roll/imports/<import_id>/faults.csv")
@on_round(Permission.ROLL_IMPORT)
def faults(round: Round, import_id: str) -> Response:
    """Send the faults of a file: rows, columns and reasons, nothing of the people."""
    lines = _lines(faults_of(get_import(get_session(), round.id, import_id)))
    rows = [(line.row, line.column, line.reason) for line in lines]
    content = write_csv([_("行"), _("列"), _("原因")], rows)
    return _download(content, "text/csv", _("名册错误报告") + ".csv")


def _read(round: Round, form: UploadForm, *, dry_run: bool) -> ImportReport:
    file: FileStorage = form.file.data
    # One byte more than is allowed tells that a file is too large.
    table = read_table(file.stream.read(MOST_BYTES + 1))
    with transaction() as session:
        report = import_roll(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
            rows=table,
            file_name=_file_name(file),
            old_ages_checked=form.old_ages_checked.data,
        )
        if dry_run:
            session.rollback()
    return report


def _file_name(file: FileStorage) -> str:
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable())[-_NEWEST_FILE_NAME:]


def _upload_page(round: Round, form: UploadForm) -> str:
    return render_template(
        "roll/upload.html",
        round=round,
        form=form,
        most=MOST_BYTES,
        imports=imports_of(get_session(), round.id),
    )


def _checked_page(round: Round, report: ImportReport) -> str:
    lines = _lines(as_kept(report.faults))
    return render_template(
        "roll/imported.html",
        round=round,
        kept=report,
        lines=lines[:PER_PAGE],
        total=len(lines),
        page=1,
        pages=1,
        checked=True,
    )


def _lines(kept: Sequence[KeptFault]) -> list[Line]:
    return [Line(fault.row, fault.column, _(fault.msgid, **fault.values)) for fault in kept]


def _download(content: bytes, mimetype: str, name: str) -> Response:
    return send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)
