"""The rules, the list and the roll of a round against the text that was frozen."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.clock import moment_text
from voting.conduct.rules import FORMAT
from voting.conduct.service.freezing import config_of
from voting.journal.models import JournalEntry
from voting.ledger.models import LedgerEntry
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of
from voting.roll.service import lines_of_roll, newest_change
from voting.rounds.models import PhaseChange, Round
from voting.upkeep.rules.findings import Finding, found

_FIXED = ("seal_public", "ballot_length", "roll_count", "roll_hash")
_LATER_END = ("round.extend", "round.reopen")


def check_frozen(session: Session, round: Round) -> Iterator[Finding]:
    """Find what no longer is as it was announced."""
    config = round.config or ""
    if hashlib.sha256(config.encode()).digest() != round.config_hash:
        yield found("config", round.id)
        return
    said = json.loads(config)
    if round.kind == "loaded":
        yield from _loaded(session, round, said)
    elif said.get("format") == FORMAT:
        yield from _rules(session, round, said)
        yield from _roll(session, round)
    else:
        yield found("config", round.id)
    yield from _announced(session, round)
    yield from _closing(session, round)


def _rules(session: Session, round: Round, said: dict[str, Any]) -> Iterator[Finding]:
    """Compare row by row with what the text names; what a later version added to the rows is not in it."""
    fixed = {name: getattr(round, name) for name in _FIXED}
    stands = config_of(round, candidates_of(session, round.id), fixed)
    # An area may be renamed; what was announced bears the name of that day.
    stands["round"] = {**_part(stands, "round"), "area": said["round"]["area"]}
    for section in ("round", "rules"):
        held = _part(stands, section)
        for name, value in said[section].items():
            if name in held and held[name] != value:
                yield found("rules", round.id, what=name)
    for name in _FIXED:
        if said.get(name) != stands[name]:
            yield found("rules", round.id, what=name)
    yield from _list(round, said["candidates"], stands["candidates"])
    if any(moment.second or moment.microsecond for moment in (round.opens_at, round.closes_at)):
        yield from _odd_seconds(round, said)


def _part(content: dict[str, object], name: str) -> dict[str, Any]:
    part = content[name]
    assert isinstance(part, dict)  # noqa: S101 -- config_of makes it so
    return part


def _odd_seconds(round: Round, said: dict[str, Any]) -> Iterator[Finding]:
    # The text says whole seconds: a fraction of one can only have come later.
    for name in ("opens_at", "closes_at"):
        moment = getattr(round, name)
        if moment.microsecond or moment_text(moment) != said["rules"][name]:
            yield found("rules", round.id, what=name)


def _list(round: Round, said: list[dict[str, Any]], stands: Any) -> Iterator[Finding]:
    held = {one["number"]: one for one in stands}
    if [one["number"] for one in said] != list(held):
        yield found("rules", round.id, what="candidates")
        return
    for one in said:
        differs = [name for name, value in one.items() if held[one["number"]].get(name) != value]
        if differs:
            yield found("rules", round.id, what=f"{one['number']}: {', '.join(differs)}")


def _loaded(session: Session, round: Round, said: dict[str, Any]) -> Iterator[Finding]:
    """Compare what a loaded election's text says of its projects and rules."""
    rows = session.execute(
        select(Candidate.external_id, Candidate.cost).where(Candidate.round_id == round.id)
    )
    if sorted(tuple(one) for one in said["projects"]) != sorted(
        (row.external_id or "", row.cost) for row in rows
    ):
        yield found("rules", round.id, what="projects")
    for name, column in (("budget", "budget"), ("decimals", "money_decimals"),
                         ("allocation", "allocation"), ("least_votes", "least_votes"),
                         ("max_choices", "max_choices"), ("kind", "ballot_kind")):  # fmt: skip
        if said[name] != getattr(round, column):
            yield found("rules", round.id, what=name)


def _roll(session: Session, round: Round) -> Iterator[Finding]:
    lines = lines_of_roll(session, round.id)
    if not len(lines) and _is_destroyed(session, round):
        return
    # After the announcement the roll changes only by two officers, whose last change says what it is since.
    newest = newest_change(session, round.id)
    count, digest = (newest.count, newest.digest) if newest else (round.roll_count, round.roll_hash)
    if (len(lines), lines.digest) != (count, digest):
        yield found("roll", round.id)


def _is_destroyed(session: Session, round: Round) -> bool:
    ended = select(func.count()).where(
        LedgerEntry.round_id == round.id, LedgerEntry.kind == "destroyed"
    )
    return bool(session.scalar(ended))


def _announced(session: Session, round: Round) -> Iterator[Finding]:
    """Compare the moment of freezing with the journal, whose chain vouches for it."""
    act = "pabulib.load" if round.kind == "loaded" else "round.announce_vote"
    noted = session.scalars(
        select(JournalEntry.at).where(JournalEntry.object_id == round.id, JournalEntry.act == act)
    ).all()
    if round.frozen_at not in noted:
        yield found("frozen_at", round.id)


def _closing(session: Session, round: Round) -> Iterator[Finding]:
    last = session.scalars(
        select(PhaseChange)
        .where(PhaseChange.round_id == round.id, PhaseChange.act.in_(_LATER_END))
        .order_by(PhaseChange.at.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        if round.extended_to is not None:
            yield found("closing", round.id)
        return
    body = session.scalar(
        select(LedgerEntry.body).where(
            LedgerEntry.round_id == round.id, LedgerEntry.source == f"step:{last.id}"
        )
    )
    # Until the next checkpoint the ledger has not heard of it.
    if body is not None and json.loads(body).get("closes_at") != moment_text(round.closing):
        yield found("closing", round.id)
