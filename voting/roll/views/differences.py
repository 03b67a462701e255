"""What a second file would change, list by list; chosen lines are taken over."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from voting.errors import NotFound
from voting.permissions import Permission
from voting.roll.forms import TakeOverForm
from voting.roll.holder import current_shelf, start
from voting.roll.models import RollUpload
from voting.roll.service import (
    ASKED,
    DONE,
    KINDS,
    DifferencePage,
    UploadGone,
    difference_page,
    forget_uploads,
    get_upload,
    order_taking_over,
    take_over,
)
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, now, transaction
from voting.web.text import _

_ADDRESS = "/desk/rounds/<round_id>/roll/uploads/<upload_id>/<kind>"


@bp.get(_ADDRESS)
@on_round(Permission.ROLL_IMPORT)
def differences(round: Round, upload_id: str, kind: str) -> str:
    """Show one list: new people, people who moved, people who are missing in the file."""
    kept, found = _load(round, upload_id, kind)
    return _page(round, kept, kind, found, TakeOverForm(formdata=None))


@bp.post(_ADDRESS)
@on_round(Permission.ROLL_IMPORT)
def differences_submit(round: Round, upload_id: str, kind: str) -> Any:
    """Take the ticked lines of the page over."""
    kept, found = _load(round, upload_id, kind)
    form = TakeOverForm()
    form.line.choices = [SelectChoice(line.key, line.name) for line in found.lines]
    if not form.validate_on_submit():
        return _page(round, kept, kind, found, form), 422
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)
        made = take_over(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            shelf=current_shelf(),
            upload=own,
            kind=kind,
            page=found.page,
            chosen=set(form.line.data or ()),
            reason=form.reason.data or "",
        )
    _tell(made.done, made.refused, is_asked=made.is_asked)
    address = url_for(
        "roll.differences", round_id=round.id, upload_id=upload_id, kind=kind, page=found.page
    )
    return redirect(address, 303)


@bp.post(f"{_ADDRESS}/all")
@on_round(Permission.ROLL_IMPORT)
def differences_all_submit(round: Round, upload_id: str, kind: str) -> Any:
    """Take a whole list over, as a job; who is missing in a file is looked at one by one."""
    if kind == "missing":
        raise NotFound
    kept, found = _load(round, upload_id, kind)
    form = TakeOverForm()
    del form.line
    if not form.validate_on_submit():
        return _page(round, kept, kind, found, form), 422
    with transaction() as session:
        own = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)
        job = order_taking_over(
            session,
            now=now(),
            actor=current_user.actor,
            shelf=current_shelf(),
            upload=own,
            kind=kind,
            reason=form.reason.data or "",
        )
    start(job.id)
    return redirect(url_for("roll.uploaded", round_id=round.id, upload_id=upload_id), 303)


def _load(round: Round, upload_id: str, kind: str) -> tuple[RollUpload, DifferencePage]:
    if kind not in KINDS:
        raise NotFound
    with transaction() as session:
        forget_uploads(session, current_shelf(), now=now())
        kept = get_upload(session, actor=current_user.actor, round_id=round.id, upload_id=upload_id)
    page = request.args.get("page", 1, type=int)
    found = difference_page(current_shelf(), kept, kind, page) if kept.state == "waiting" else None
    if found is None:
        raise UploadGone
    return kept, found


def _tell(done: int, refused: int, *, is_asked: bool) -> None:
    if done and is_asked:
        said = _("已提出 %(count)d 项更改，请另一位工作人员在“名册更改”里确认。", count=done)
        flash(said, "success")
    elif done:
        flash(_("已改好 %(count)d 人。", count=done), "success")
    if refused:
        flash(_("有 %(count)d 人没有办，原因写在各人后面。", count=refused), "warning")


def _page(
    round: Round, kept: RollUpload, kind: str, found: DifferencePage, form: TakeOverForm
) -> str:
    return render_template(
        "roll/differences.html",
        round=round,
        kept=kept,
        kind=kind,
        found=found,
        form=form,
        chosen=form.line.data if "line" in form else None,
        done=DONE,
        asked=ASKED,
    )
