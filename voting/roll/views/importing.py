"""A file is sent: the template to fill in, the upload, and the files read before."""

from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from voting.adapters.spreadsheets import MOST_BYTES, write_template
from voting.errors import Refusal
from voting.permissions import Permission
from voting.roll.forms import UploadForm
from voting.roll.holder import current_shelf
from voting.roll.rules.applying import is_living
from voting.roll.rules.cells import BASIS_WORDS
from voting.roll.rules.columns import BASIS, COLUMNS
from voting.roll.service import (
    RollClosed,
    RollFrozen,
    forget_uploads,
    imports_of,
    keep_upload,
    phase_of,
)
from voting.roll.views.blueprint import XLSX, bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _, lazy_

_WIDTHS = dict(zip(COLUMNS, (12, 24, 8, 24, 16), strict=True))
_NOTES = (
    lazy_("一行填一个人，从第 2 行开始填。列的名称不要改，列的先后可以换。"),
    lazy_("姓名：证件上的全名，不要打星号。"),
    lazy_("证件号码：居民身份证、港澳台居民居住证、外国人永久居留身份证上的号码。"),
    lazy_("没有这些证件的（护照、学生证等）不填进来，请本人到社区，在“补登记”里登记。"),
    lazy_("这一列已经设成文本。从别处粘贴时，请选“只粘贴文本”，不要让号码变成 3.60103E+17。"),
    lazy_("类型：填“居住”“工作”或“学习”。同一个人只填一行。"),
    lazy_("楼栋房号：例如 3栋2单元502。类型是居住的必须填。"),
    lazy_("手机号：可以不填，也可以填带区号的固定电话。老人可以填子女的电话。"),
    lazy_("号码、房号和电话加密保存，页面上只看得到打了星号的样子。填好的文件用完请删除。"),
)
_LONGEST_FILE_NAME = 100


@bp.get("/desk/rounds/<round_id>/roll/template.xlsx")
@on_round(Permission.ROLL_READ)
def template(round: Round) -> Response:
    """Send the spreadsheet to fill in."""
    del round
    notes = [str(note) for note in _NOTES]
    content = write_template("名册", _WIDTHS, choices={BASIS: BASIS_WORDS}, notes=notes)
    name = _("名册模板") + ".xlsx"
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)


@bp.get("/desk/rounds/<round_id>/roll/import")
@on_round(Permission.ROLL_IMPORT)
def upload(round: Round) -> str:
    """Ask for a file; show what became of earlier ones."""
    if round.frozen_at is not None and not is_living(phase_of(round, now())):
        raise RollClosed
    _forget()
    return _page(round, UploadForm())


@bp.post("/desk/rounds/<round_id>/roll/import")
@on_round(Permission.ROLL_IMPORT)
def upload_submit(round: Round) -> Any:
    """Keep a file, encrypted, until its columns are named."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            upload_id = _keep(round, form.file.data)
        except (RollClosed, RollFrozen):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("roll.columns", round_id=round.id, upload_id=upload_id), 303)
    return _page(round, form), 422


def _keep(round: Round, file: FileStorage) -> str:
    # One byte more than is allowed tells that a file is too large.
    content = file.stream.read(MOST_BYTES + 1)
    _forget()
    with transaction() as session:
        kept = keep_upload(
            session,
            now=now(),
            actor=current_user.actor,
            shelf=current_shelf(),
            round_id=round.id,
            content=content,
            file_name=_file_name(file),
        )
        return kept.id


def _forget() -> None:
    with transaction() as session:
        forget_uploads(session, current_shelf(), now=now())


def _file_name(file: FileStorage) -> str:
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable())[-_LONGEST_FILE_NAME:]


def _page(round: Round, form: UploadForm) -> str:
    page = request.args.get("page", 1, type=int)
    return render_template(
        "roll/upload.html",
        round=round,
        form=form,
        most=MOST_BYTES,
        found=imports_of(get_session(), round.id, page=page),
    )
