"""Plants a row of a round in every table that holds something of a round."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, insert
from sqlalchemy.orm import Session

from voting.conduct.service.belongings import file_columns, owned_tables
from voting.persistence.base import Moment, new_id
from voting.persistence.jobs import Job
from voting.rounds.models import Round

# What a check asks for; every other column gets any value of its type, or none.
_CHECKED: dict[str, dict[str, Any]] = {
    "appointment": {"duty": "monitor"},
    "ballot_card": {"state": "printed"},
    "candidate": {"state": "listed", "ballot_number": 1, "category": "service"},
    "card_batch": {"mode": "bearer", "kind": "vote", "state": "printed"},
    "channel_vote": {"votes": 10, "ballots": 20},
    "result": {"declared_at": datetime(2026, 11, 23, tzinfo=UTC)},
    "turnout_cell": {"kind": "age", "listed": 20, "marked": 10},
    "urn_key": {"way": "server"},
    "elector": {"id_key": b"key", "basis": "live", "id_kind": "resident"},
    "assisted_session": {"place": "desk"},
    "collection": {"taker_id": "another"},
    "exchange": {"before": "card_handed", "after": "paper_handed"},
    "late_conflict": {"medium": "paper"},
    "merge_change": {"act": "join"},
    "milestone": {"position": 1},
    "outage": {"until": datetime(2026, 11, 23, 1, tzinfo=UTC)},
    "paper_ballot": {"serial": "123456788", "state": "printed"},
    "paper_batch": {"kind": "vote", "state": "void"},
    "paper_bundle": {"handed": 0},
    "paper_decision": {"outcome": "counted"},
    "participation": {"channel": "card_handed"},
    "phase_change": {"before": "draft", "after": "pending_approval"},
    "polling_place": {"kind": "fixed"},
    "poster_claim": {"way": "screen", "state": "waiting"},
    "project": {"state": "to_approve", "category": "service"},
    "project_change": {"before": "to_approve", "after": "approved"},
    "project_photo": {"stage": "before"},
    "proposal": {"category": "service", "state": "accepted", "source": "paper"},
    "proposal_decision": {"kind": "screening", "outcome": "passed"},
    "proposal_photo": {"position": 1},
    "reconciliation": {"outcome": "adds_up", "explanation": ""},
    "roll_application": {
        "basis": "live", "state": "waiting", "sealed": b"typed", "claim_key": b"claim",
    },
    "roll_change": {"act": "strike", "state": "waiting"},
    "roll_upload": {"state": "waiting"},
    "shift": {"begins": "08:00", "ends": "12:00"},
    "short_message": {"state": "waiting"},
    "test_draw": {"way": "hand"},
    "notice": {"audience": "public"},
    "budget_cut": {"state": "waiting"},
    "withdrawal": {"state": "waiting"},
}  # fmt: skip

# The database takes these only after a tally or a declared result, though none of them refers to one.
_LAST = {"channel_vote", "comparison", "turnout_cell"}


def plant(
    session: Session, round: Round, *, digest: str, officer_id: str
) -> dict[str, dict[str, Any]]:
    """Plant the rows and a job about one of them; return them by the names of their tables."""
    planted: dict[str, dict[str, Any]] = {
        "round": {"id": round.id},
        "area": {"id": round.area_id},
        "officer": {"id": officer_id},
    }
    # A key is destroyed once the result is confirmed, and the database asks.
    phase, round.phase = round.phase, "confirmed"
    session.flush()
    for table in sorted(owned_tables(), key=lambda table: table.name in _LAST):
        values = {column.name: _value(table, column, planted, digest) for column in table.columns}
        planted[table.name] = {name: value for name, value in values.items() if value is not None}
        session.execute(insert(table).values(**planted[table.name]))
        if table.name == "elector":
            other = {"elector_id": "another", "id_key": b"another"}
            session.execute(insert(table).values(**planted["elector"] | other))
    round.phase = phase
    session.add(
        Job(
            kind="cards", subject_id=planted["card_batch"]["id"], officer_id=officer_id, total=1,
            created_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )  # fmt: skip
    session.flush()
    return planted


def _value(
    table: Table, column: Column[Any], planted: dict[str, dict[str, Any]], digest: str
) -> Any:
    if column.name == "round_id":
        return planted["round"]["id"]
    checked = _CHECKED.get(table.name, {})
    if column.name in checked:
        return checked[column.name]
    if column in file_columns(table):
        return digest
    parents = [key for key in column.foreign_keys if key.column.table.name in planted]
    if parents and not (column.nullable and parents[0].column.table.name == "officer"):
        return planted[parents[0].column.table.name][parents[0].column.name]
    return None if column.nullable else _any(column)


def _any(column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Moment):
        return datetime(2026, 11, 23, tzinfo=UTC)
    if isinstance(kind, Date):
        return date(2026, 11, 23)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, LargeBinary):
        return new_id().encode()
    return new_id()
