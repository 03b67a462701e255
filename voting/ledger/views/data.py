"""The ledger for programs: checkpoints and proofs as JSON (docs/2_rules/ledger.md)."""

from typing import Any

from flask import Response, jsonify, request, url_for

from voting.errors import NotFound, Refusal
from voting.ledger.holder import tree_of
from voting.ledger.models import Checkpoint
from voting.ledger.rules.statements import read_slot
from voting.ledger.rules.tree import leaf_hash
from voting.ledger.service import (
    checkpoints_after,
    find_head,
    get_body,
    get_checkpoint,
    get_ledger,
    place_of_ballot,
)
from voting.ledger.views.blueprint import bp, public_round
from voting.web.access import public
from voting.web.db import get_session
from voting.web.text import say

_AT_ONCE = 200
_LARGEST = 2**63 - 1


class OddNumber(Refusal):
    """Not the size of a checkpoint."""

    msgid = "%(name)s 应当是一个封存点的条数，例如 21。"
    status = 422


class NotCovered(Refusal):
    """The slot stands in no checkpoint, or not in this one."""

    msgid = "这个封存点里没有这张选票。刚投的票要等下一个封存点。"
    status = 404


class NoSuchCheckpoint(Refusal):
    """The round has no checkpoint of this size."""

    msgid = "没有这样的封存点。有哪些，请看 checkpoints.json。"
    status = 404


class FirstIsLarger(Refusal):
    """A later checkpoint cannot be the beginning of an earlier one."""

    msgid = "first 不能比 second 大。"
    status = 422


@bp.get("/ledger/<round_id>/checkpoints.json")
@public
def checkpoints_json(round_id: str) -> Any:
    """List the checkpoints after a size, the oldest first, and where the list goes on."""
    return _answer(lambda: _checkpoints(round_id))


@bp.get("/ledger/<round_id>/inclusion.json")
@public
def inclusion_json(round_id: str) -> Any:
    """Prove that the ballot under a slot is among the entries of a checkpoint."""
    return _answer(lambda: _inclusion(round_id))


@bp.get("/ledger/<round_id>/consistency.json")
@public
def consistency_json(round_id: str) -> Any:
    """Prove that one checkpoint begins with another."""
    return _answer(lambda: _consistency(round_id))


def _answer(make: Any) -> tuple[Response, int]:
    try:
        return jsonify(make()), 200
    except Refusal as refusal:
        return jsonify(error=say(refusal)), refusal.status


def _checkpoints(round_id: str) -> dict[str, Any]:
    round, session = public_round(round_id), get_session()
    ledger = get_ledger(session, round.id)
    after = _number("after", default=0)
    found = checkpoints_after(session, round.id, size=after, limit=_AT_ONCE + 1)
    listed = found[:_AT_ONCE]
    more = len(found) > _AT_ONCE
    return {
        "origin": ledger.origin,
        "checkpoints": [_facts(one) for one in listed],
        "next": url_for("ledger.checkpoints_json", round_id=round.id, after=listed[-1].size)
        if more
        else None,
    }


def _inclusion(round_id: str) -> dict[str, Any]:
    round, session = public_round(round_id), get_session()
    get_ledger(session, round.id)
    slot = read_slot(request.args.get("slot", "")[:200])
    head = _checkpoint(round.id, "size") if "size" in request.args else find_head(session, round.id)
    index = place_of_ballot(session, round.id, slot)
    if head is None or index is None or index >= head.size:
        raise NotCovered
    body = get_body(session, round.id, index)
    proof = tree_of(head).inclusion(index, head.size)
    return {
        "slot": slot.hex(),
        "index": index,
        "body": body,
        "leaf": leaf_hash(body.encode()).hex(),
        "proof": [one.hex() for one in proof],
        **_facts(head),
    }


def _consistency(round_id: str) -> dict[str, Any]:
    round = public_round(round_id)
    get_ledger(get_session(), round.id)
    first, second = _checkpoint(round.id, "first"), _checkpoint(round.id, "second")
    if first.size > second.size:
        raise FirstIsLarger
    proof = tree_of(second).consistency(first.size, second.size)
    return {
        "first": _facts(first),
        "second": _facts(second),
        "proof": [one.hex() for one in proof],
    }


def _checkpoint(round_id: str, name: str) -> Checkpoint:
    try:
        return get_checkpoint(get_session(), round_id, _number(name))
    except NotFound as absent:
        raise NoSuchCheckpoint from absent


def _number(name: str, default: int | None = None) -> int:
    typed = request.args.get(name, "" if default is None else str(default))
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and int(typed) <= _LARGEST):  # noqa: PLR2004 -- int() is quadratic
        raise OddNumber(name=name)
    return int(typed)


def _facts(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"size": checkpoint.size, "root": checkpoint.root.hex(), "note": checkpoint.note}
