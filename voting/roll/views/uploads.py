"""A kept file: its columns are named, it is looked at, and read or given up."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from voting.adapters.spreadsheets import Sheet
from voting.errors import Refusal
from voting.permissions import Permission
from voting.roll.forms import columns_form
from voting.roll.holder import current_queue, current_shelf, do_now, start
from voting.roll.models import RollUpload
from voting.roll.rules.applying import is_living
from voting.roll.rules.columns import COLUMNS, Header, guess, places_of
from voting.roll.rules.preview import preview
from voting.roll.service import (
    CHECK,
    IMPORT,
    Naming,
    RollClosed,
    RollFrozen,
    UploadBusy,
    UploadGone,
    as_kept,
    checked_of,
    forget_uploads,
    get_upload,
    give_up,
    likely_sheet,
    name_columns,
    naming_of,
    order_reading,
    phase_of,
    settle_reading,
    sheets_of,
    terms_of,
    totals_of,
)
from voting.roll.views.blueprint import bp, fault_page, lines_of, send_faults
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import now, transaction
from voting.web.text import _

_REFRESH_SECONDS = 2
_ADDRESS = "/desk/rounds/<round_id>/roll/uploads/<upload_id>"


@bp.get(f"{_ADDRESS}/columns")
@on_round(Permission.ROLL_IMPORT)
def columns(round: Round, upload_id: str) -> Any:
    """Ask which column holds what; the answer is prefilled by what the header says."""
    kept, sheets = _sheets(round, upload_id)
    naming = naming_of(kept) if kept.columns else _guessed(sheets)
    return _columns_page(round, kept, sheets, naming)


@bp.post(f"{_ADDRESS}/columns")
@on_round(Permission.ROLL_IMPORT)
def columns_submit(round: Round, upload_id: str) -> Any:
    """Show the first rows under other columns, or look at the whole file."""
    kept, sheets = _sheets(round, upload_id)
    form = columns_form()
    chosen = _chosen(sheets, form.sheet.data)
    header_row = int(form.header_row.data) if (form.header_row.data or "").isdecimal() else 0
    form.offer(sheets, sheets[chosen], header_row)
    if not form.validate_on_submit():
        return _columns_page(round, kept, sheets, _guessed(sheets, chosen), form), 422
    if form.seen.data != form.choice:
        return _columns_page(round, kept, sheets, _other(sheets, form))
    naming = form.naming()
    if "preview" in request.form:
        return _columns_page(round, kept, sheets, naming)
    try:
        with transaction() as session:
            own = get_upload(
                session, actor=current_user.actor, round_id=round.id, upload_id=upload_id
            )
            name_columns(session, current_shelf(), own, naming)
            job = order_reading(
                session, now=now(), actor=current_user.actor, upload=own, kind=CHECK
            )
    except (RollClosed, RollFrozen, UploadBusy, UploadGone):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _columns_page(round, kept, sheets, naming, form), 422
    start(job.id)
    return _to(round, upload_id)


@bp.get(_ADDRESS)
@on_round(Permission.ROLL_IMPORT)
def uploaded(round: Round, upload_id: str) -> Any:
    """Show how far a file is, and what was found in it."""
    kept = _load(round, upload_id)
    if kept.state == "read":
        address = url_for("roll.imported", round_id=round.id, import_id=kept.import_id)
        return redirect(address, 303)
    served = current_queue().is_served()
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=kept.id)
        job = settle_reading(session, now=now(), upload=own, served=served)
    checked = checked_of(current_shelf(), own) if own.state == "waiting" else None
    if own.state == "waiting" and checked is None and not (job and job.state == "failed"):
        return redirect(url_for("roll.columns", round_id=round.id, upload_id=own.id), 303)
    if checked is not None:
        totals = totals_of(current_shelf(), own)
        facts = {"kept": own, "checked": checked, "totals": totals}
        return fault_page("roll/checked.html", round, checked.lines, **facts)
    page = render_template("roll/reading.html", round=round, kept=own, job=job, served=served)
    response = make_response(page)
    if own.state == "reading":
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


@bp.post(f"{_ADDRESS}/read")
@on_round(Permission.ROLL_IMPORT)
def read_submit(round: Round, upload_id: str) -> Any:
    """Do what is waiting here and now, because nobody else does."""
    kept = _load(round, upload_id)
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=kept.id)
        job = settle_reading(session, now=now(), upload=own, served=True)
    if job and job.state == "waiting":
        do_now(job.id)
    return _to(round, upload_id)


@bp.post(f"{_ADDRESS}/import")
@on_round(Permission.ROLL_IMPORT)
def import_submit(round: Round, upload_id: str) -> Any:
    """List the good rows."""
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)
        # A second click leads to what the first one did.
        is_first = own.state == "waiting"
        if is_first:
            job = order_reading(
                session, now=now(), actor=current_user.actor, upload=own, kind=IMPORT
            )
    if is_first:
        start(job.id)
    return _to(round, upload_id)


@bp.post(f"{_ADDRESS}/give-up")
@on_round(Permission.ROLL_IMPORT)
def give_up_submit(round: Round, upload_id: str) -> Any:
    """Delete the file without reading it."""
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)
        give_up(session, current_shelf(), own)
    flash(_("文件已经删除，名册没有改动。"), "success")
    return redirect(url_for("roll.upload", round_id=round.id), 303)


@bp.get(f"{_ADDRESS}/faults.<any(csv, xlsx):kind>")
@on_round(Permission.ROLL_IMPORT)
def upload_faults(round: Round, upload_id: str, kind: str) -> Any:
    """Send what was found in a file: rows, columns and reasons, nothing of the people."""
    checked = checked_of(current_shelf(), _load(round, upload_id))
    if checked is None:
        raise UploadGone
    return send_faults(lines_of(checked.lines), kind)


def _load(round: Round, upload_id: str) -> RollUpload:
    with transaction() as session:
        forget_uploads(session, current_shelf(), now=now())
        return get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)


def _sheets(round: Round, upload_id: str) -> tuple[RollUpload, list[Sheet]]:
    kept = _load(round, upload_id)
    if round.frozen_at is not None and not is_living(phase_of(round, now())):
        raise RollClosed
    if kept.state == "reading":
        raise UploadBusy
    return kept, sheets_of(current_shelf(), kept)


def _guessed(sheets: list[Sheet], chosen: int | None = None) -> Naming:
    chosen = likely_sheet(sheets) if chosen is None else chosen
    return Naming(chosen, guess(sheets[chosen].rows))


def _chosen(sheets: list[Sheet], text: str | None) -> int:
    place = int(text) if text and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 -- no book has a thousand sheets
    return place if place < len(sheets) else 0


def _other(sheets: list[Sheet], form: Any) -> Naming:
    """Return the naming of another sheet, or of another row of labels in the same one."""
    sheet, row = int(form.sheet.data), int(form.header_row.data)
    if form.seen.data.partition(".")[0] != str(sheet):
        return _guessed(sheets, sheet)
    labels = next((cells for number, cells in sheets[sheet].rows if number == row), ())
    return Naming(sheet, Header(row, places_of(labels)))


def _columns_page(
    round: Round, kept: RollUpload, sheets: list[Sheet], naming: Naming, form: Any = None
) -> str:
    rows = sheets[naming.sheet].rows
    if form is None:
        form = columns_form(formdata=None)
        form.offer(sheets, sheets[naming.sheet], naming.header.row)
        form.show(naming)
    terms = terms_of(round, now(), old_ages_checked=naming.old_ages_checked)
    return render_template(
        "roll/columns.html",
        round=round,
        kept=kept,
        form=form,
        sheets=sheets,
        rows=sum(number > naming.header.row for number, _cells in rows),
        width=max(len(cells) for _row, cells in rows),
        columns=COLUMNS,
        preview=[
            (line, lines_of(as_kept(line.faults))) for line in preview(rows, naming.header, terms)
        ],
    )


def _to(round: Round, upload_id: str) -> Any:
    return redirect(url_for("roll.uploaded", round_id=round.id, upload_id=upload_id), 303)
