"""The page of a round's ledger for anybody: the head, all checkpoints, and whether one continues another."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for

from voting.errors import NotFound, Refusal
from voting.ledger.holder import tree_of
from voting.ledger.models import Checkpoint
from voting.ledger.rules.notes import head_digits
from voting.ledger.rules.statements import Statement, read_head, read_statement
from voting.ledger.rules.tree import is_consistent
from voting.ledger.service import (
    checkpoints_of,
    count_checkpoints,
    find_checkpoint_by_head,
    find_head,
    get_checkpoint,
    get_ledger,
)
from voting.ledger.views.blueprint import bp, note_response, public_round
from voting.rounds.models import Round
from voting.web.access import public
from voting.web.db import get_session
from voting.web.text import _, say

_A_PAGE = 20
_TYPED_MOST = 40
# Pages that other stages may add below the ledger; each is linked where it exists.
_MORE = (("bundle.how", "怎样核对计票"), ("bundle.public_bundle", "下载全部数据，自己核对"))


@dataclass(frozen=True)
class Line:
    """A checkpoint as a list shows it."""

    checkpoint: Checkpoint
    head: str
    said: Statement


@bp.get("/ledger/<round_id>")
@public
def show(round_id: str) -> Any:
    """Show the head of a round's ledger, its figures, and its checkpoints, the newest first."""
    round = public_round(round_id)
    return _page(round, *_sought(round))


def _sought(round: Round) -> tuple[Any, ...]:
    """Return what was typed as a head, what it was found to be, and the sentence if it is none."""
    typed = request.args.get("head", "")
    shown = "".join(char for char in typed[:_TYPED_MOST] if char.isprintable())
    if not typed.strip():
        return "", None, "", 200
    try:
        found = find_checkpoint_by_head(get_session(), round.id, read_head(typed))
    except Refusal as refusal:
        return shown, None, say(refusal), refusal.status
    return shown, _line(found) if found else None, "", 200


def _page(round: Round, typed: str, found: Line | None, sentence: str, status: int) -> Response:
    session, page = get_session(), request.args.get("page", 1, type=int)
    head = find_head(session, round.id)
    total = count_checkpoints(session, round.id) if head else 0
    pages = max(1, -(-total // _A_PAGE))
    if not 1 <= page <= pages:
        raise NotFound
    listed = checkpoints_of(session, round.id, limit=_A_PAGE, offset=(page - 1) * _A_PAGE)
    html = render_template(
        "ledger/show.html",
        round=round,
        head=_line(head) if head else None,
        lines=[_line(one) for one in listed],
        total=total,
        page=page,
        pages=pages,
        typed=typed,
        found=found,
        sentence=sentence,
        more=_more(round),
    )
    return make_response(html, status)


@bp.get("/ledger/<round_id>/checkpoints/<int:size>.txt")
@public
def note(round_id: str, size: int) -> Response:
    """Return a checkpoint as it was signed."""
    round = public_round(round_id)
    return note_response(get_checkpoint(get_session(), round.id, size))


@bp.get("/ledger/<round_id>/consistency")
@public
def consistency(round_id: str) -> Any:
    """Show that the later of two checkpoints begins with the earlier one, or say what was typed wrongly."""
    round = public_round(round_id)
    get_ledger(get_session(), round.id)
    given = tuple(request.args.get(name, "")[:_TYPED_MOST] for name in ("first", "second"))
    first, second, sentence = _two(round, *given)
    facts: dict[str, Any] = {"proof": (), "holds": None}
    if first and second:
        proof = tree_of(second).consistency(first.size, second.size)
        holds = is_consistent(first.size, second.size, first.root, second.root, proof)
        facts = {"proof": [one.hex() for one in proof], "holds": holds}
    page = render_template(
        "ledger/consistency.html",
        round=round,
        first=_line(first) if first else None,
        second=_line(second) if second else None,
        given=["".join(char for char in one if char.isprintable()) for one in given],
        sentence=sentence,
        **facts,
    )
    return page, 422 if sentence else 200


def _two(round: Round, first: str, second: str) -> tuple[Checkpoint | None, Checkpoint | None, str]:
    if not (first.strip() or second.strip()):
        return None, None, ""
    found = [_chosen(round, typed) for typed in (first, second)]
    if found[0] is None or found[1] is None:
        return None, None, _("请填两个封存点的条数，从封存点列表里照着抄，只填数字。")
    older, newer = sorted(found, key=lambda one: one.size if one else 0)
    return older, newer, ""


def _chosen(round: Round, typed: str) -> Checkpoint | None:
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):  # noqa: PLR2004 -- fits the database
        return None
    try:
        return get_checkpoint(get_session(), round.id, int(digits))
    except NotFound:
        return None


def _line(checkpoint: Checkpoint) -> Line:
    return Line(checkpoint, head_digits(checkpoint.root), read_statement(checkpoint.note))


def _more(round: Round) -> list[tuple[str, str]]:
    return [
        (_(words), url_for(endpoint, round_id=round.id))
        for endpoint, words in _MORE
        if endpoint in current_app.view_functions
    ]
