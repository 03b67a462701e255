"""How to check a count: the page that explains it, the bundle, both verifiers; and the monitors' bundle."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask_login import current_user

from voting.bundle.forms import BundleForm
from voting.bundle.holder import kept_public, make_for_monitors, monitors_path, take_for_monitors
from voting.bundle.service import public_cover
from voting.config import ROOT
from voting.errors import NotFound, Refusal
from voting.journal.service import record
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import find_head
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.tally.service import find_tally
from voting.web.access import public
from voting.web.db import end_reading, get_session, now, transaction
from voting.web.text import _

bp = Blueprint("bundle", __name__)

_PAGE = ROOT / "static" / "verify" / "verify.html"
_PROGRAM = ROOT / "verify_bundle.py"


def _seen(round_id: str) -> Round:
    """Return a round that everybody may know of; another one and none get the same answer."""
    session = get_session()
    round = get_round(session, round_id)
    if round.kind != "loaded" and not was_public(session, round):
        raise NotFound
    return round


@bp.get("/ledger/<round_id>/how")
@public
def how(round_id: str) -> str:
    """Explain in five steps how anybody checks the count."""
    round = _seen(round_id)
    try:
        digits: str | None = head_digits(public_cover(get_session(), round_id).root)
    except NotFound:
        digits = None  # nothing was signed yet
    return render_template("bundle/how.html", round=round, digits=digits)


@bp.get("/ledger/<round_id>/bundle.zip")
@public
def public_bundle(round_id: str) -> Response:
    """Send the public bundle; it changes only with a newer checkpoint."""
    _seen(round_id)
    end_reading()
    kept = kept_public(round_id)
    name = _("核对包-%(number)s.zip", number=kept.entries)
    response = _file(kept.path, "application/zip", name, etag=kept.etag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@bp.get("/ledger/<round_id>/verify.html")
@public
def page(round_id: str) -> Response:
    """Show the page that verifies a bundle without network; it may be kept and opened from a disk."""
    _seen(round_id)
    response = make_response(_PAGE.read_text("utf-8"))
    response.headers["Content-Security-Policy"] = _own_policy()
    return response


@bp.get("/ledger/<round_id>/verify.py")
@public
def program(round_id: str) -> Response:
    """Send the verifier for the command line."""
    _seen(round_id)
    return _file(_PROGRAM, "text/x-python", "verify_bundle.py")


@bp.get("/desk/rounds/<round_id>/bundle")
@on_round(Permission.URN_OPEN)
def monitors(round: Round) -> str:
    """Show what the monitors' bundle is, and where the one that was made lies."""
    return _monitors_page(round, BundleForm())


@bp.post("/desk/rounds/<round_id>/bundle")
@on_round(Permission.URN_OPEN)
def monitors_submit(round: Round) -> Any:
    """Make the monitors' bundle, and note who did."""
    form = BundleForm()
    if form.validate_on_submit():
        end_reading()
        try:
            made = make_for_monitors(round.id)
        except Refusal as refusal:
            form.refuse(refusal)
            return _monitors_page(get_round(get_session(), round.id), form), refusal.status
        with transaction() as session:
            record(
                session, current_user.actor, "bundle.monitors", now=now(), kind="round", id=round.id,
                area_path=round.area.path, digest=made.head.hex(),
            )  # fmt: skip
        flash(_("监票人核对包已做好，请下载。"), "success")
        return redirect(url_for("bundle.monitors", round_id=round.id), 303)
    return _monitors_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/bundle/monitors.zip")
@on_round(Permission.URN_OPEN)
def monitors_bundle(round: Round) -> Response:
    """Send the monitors' bundle that was made, once: whole ballots do not stay on the server."""
    end_reading()
    file, length = take_for_monitors(round.id)
    name = _("监票人核对包.zip")
    response = send_file(file, "application/zip", as_attachment=True, download_name=name)
    response.content_length = length
    return response


def _monitors_page(round: Round, form: BundleForm) -> str:
    session, path = get_session(), monitors_path(round.id)
    head = find_head(session, round.id)
    return render_template(
        "bundle/monitors.html",
        round=round,
        form=form,
        digits=head_digits(head.root) if head else None,
        counted=find_tally(session, round.id) is not None,
        megabytes=f"{path.stat().st_size / 1_000_000:.1f}" if path.exists() else None,
    )


def _file(path: Path, kind: str, name: str, *, etag: str | bool = True) -> Response:
    return send_file(
        path, kind, as_attachment=True, download_name=name, etag=etag, conditional=True
    )


@lru_cache(maxsize=1)
def _own_policy() -> str:
    """Return a policy under which this page runs its own script and nothing else, and reaches nowhere."""
    text = _PAGE.read_text("utf-8")
    script, style = (_hash_of(text, tag) for tag in ("script", "style"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _hash_of(page: str, tag: str) -> str:
    found = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    inside = found[1] if found else ""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
