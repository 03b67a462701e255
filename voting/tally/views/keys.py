"""Keys at the desk, where ledger and urn are concerned: lent to the count, renewed, destroyed."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.accounts.service import get_officer
from voting.adapters.attachments import clean_attachment, tidy_name
from voting.clock import local_day
from voting.custody.holder import SheetsForm
from voting.custody.rules import DESTROYABLE
from voting.custody.service import Witnessed, agree_to_destroy, find_destruction, standing_of
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round
from voting.tally.forms import CountForm, DestroyForm, SureForm, TakeForm
from voting.tally.holder import destroy_apart, incoming, lend_key, take_apart
from voting.tally.service import read_openings, renew
from voting.tally.views.blueprint import bp
from voting.tally.views.counting import count_page, run_count
from voting.web.db import current_config, current_files, current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _


@bp.post("/desk/rounds/<round_id>/count/open")
@on_round(Permission.URN_OPEN)
def open_submit(round: Round) -> Any:
    """Read two sheets, lend their key to the count, and count."""
    scan = SheetsForm()
    is_valid = scan.validate_on_submit()
    if not (scan.read() and is_valid):
        return count_page(round.id, CountForm(formdata=None), scan=scan), 422
    first, second = scan.typed
    try:
        run_count(round.id, lend=lambda: lend_key(round.id, (first, second)))
    except Refusal as refusal:
        scan.refuse(refusal)
        return count_page(round.id, CountForm(formdata=None), scan=scan), refusal.status
    return redirect(url_for("tally.count", round_id=round.id), 303)


@bp.post("/desk/rounds/<round_id>/count/take")
@on_round(Permission.URN_OPEN)
def take_submit(round: Round) -> Any:
    """Count from what another computer brought out of the urn."""
    form = TakeForm()
    if form.validate_on_submit():
        try:
            with _kept(form, round.id) as path:
                take_apart(round.id, read_openings(path, form.file.data.filename or "OUT.zip"))
        except Refusal as refusal:
            form.refuse(refusal)
            page = count_page(round.id, CountForm(formdata=None), take=form)
            return page, refusal.status
        return redirect(url_for("tally.count", round_id=round.id), 303)
    return count_page(round.id, CountForm(formdata=None), take=form), 422


@contextmanager
def _kept(form: TakeForm, round_id: str) -> Iterator[Path]:
    with (
        closing(form.file.data) as file,
        TemporaryDirectory(prefix=incoming(round_id), dir=current_config().var) as folder,
    ):
        path = Path(folder) / "openings.zip"
        file.save(path)
        yield path


@bp.get("/desk/rounds/<round_id>/key/renew")
@on_round(Permission.URN_OPEN)
def renewal(round: Round) -> str:
    """Ask for the two sheets that are left."""
    return _renewal(round.id, SheetsForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/key/renew")
@on_round(Permission.URN_OPEN)
def renewal_submit(round: Round) -> Any:
    """Make a new set of sheets from two of the old one."""
    scan = SheetsForm()
    is_valid = scan.validate_on_submit()
    if not (scan.read() and is_valid):
        return _renewal(round.id, scan), 422
    first, second = scan.typed
    try:
        with transaction() as session:
            key = renew(
                session, now=now(), actor=current_user.actor, keys=current_keys(),
                round_id=round.id, typed=(first, second),
            )  # fmt: skip
    except Refusal as refusal:
        scan.refuse(refusal)
        return _renewal(round.id, scan), refusal.status
    flash(
        _("第 %(set)s 套钥匙纸生成好了，旧的一套作废。接着打印、试开。", set=key.set_no), "success"
    )
    return redirect(url_for("custody.key", round_id=round.id), 303)


def _renewal(round_id: str, scan: SheetsForm) -> str:
    session = get_session()
    round = get_round(session, round_id)
    standing = standing_of(session, round)
    return render_template("tally/renewal.html", round=round, scan=scan, standing=standing)


@bp.get("/desk/rounds/<round_id>/key/destroy")
@on_round(Permission.URN_OPEN)
def destruction(round: Round) -> str:
    """Say what goes, who was present, and who still has to confirm."""
    return _destruction(round.id, _filled(round))


@bp.post("/desk/rounds/<round_id>/key/destroy")
@on_round(Permission.URN_OPEN)
def destruction_submit(round: Round) -> Any:
    """Note what the first officer says of the destruction."""
    form = DestroyForm()
    if form.validate_on_submit() and form.day.data:
        try:
            digest, name = _attached(form)
            witnessed = Witnessed(form.day.data, form.present.data or "", digest, name)
            with transaction() as session:
                agree_to_destroy(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    witnessed=witnessed,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _destruction(round.id, form), refusal.status
        flash(_("登记好了，还要另一位工作人员确认。"), "success")
        return redirect(url_for("tally.destruction", round_id=round.id), 303)
    return _destruction(round.id, form), 422


@bp.post("/desk/rounds/<round_id>/key/destroy/confirm")
@on_round(Permission.URN_OPEN)
def destruction_confirm_submit(round: Round) -> Any:
    """Let the second officer destroy the key for good."""
    sure = SureForm()
    if sure.validate_on_submit():
        try:
            destroy_apart(round.id, current_user.actor)
        except Refusal as refusal:
            sure.refuse(refusal)
            return _destruction(round.id, _filled(round), sure), refusal.status
        flash(_("钥匙销毁了。"), "success")
        return redirect(url_for("custody.key", round_id=round.id), 303)
    return _destruction(round.id, _filled(round), sure), 422


def _attached(form: DestroyForm) -> tuple[str | None, str]:
    if not form.file.data:
        return None, ""
    with closing(form.file.data) as file:
        clean = clean_attachment(file.read())
    return current_files().put(clean.content), tidy_name(file.filename or "", clean.suffix)


def _filled(round: Round) -> DestroyForm:
    found = find_destruction(get_session(), round.id)
    said = {"day": found.day, "present": found.present} if found else {"day": local_day(now())}
    return DestroyForm(formdata=None, data=said)


def _destruction(round_id: str, form: DestroyForm, sure: RefusingForm | None = None) -> str:
    session = get_session()
    round, found = get_round(session, round_id), find_destruction(session, round_id)
    return render_template(
        "tally/destruction.html",
        round=round,
        form=form,
        sure=sure or SureForm(formdata=None),
        standing=standing_of(session, round),
        found=found,
        first=get_officer(session, found.first_officer) if found else None,
        in_time=Phase(round.phase) in DESTROYABLE and round.frozen_at is not None,
    )
