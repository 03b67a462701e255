"""A database of an earlier version comes up to date with everything in it, and back again (R17)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

from tests.postgres import Cluster
from voting import schema
from voting.app import create_app
from voting.config import ROOT, Config
from voting.persistence import triggers

_NOW = "2026-11-20 08:00:00"
_ROUND = {
    "id": "r1", "area_id": "a1", "title": "一轮", "kind": "real", "phase": "shortlisted",
    "created_at": _NOW, "created_by": "o1", "scope": "", "budget": 100, "currency": "CNY",
    "money_decimals": 2, "min_age": 15, "birthday_counts": True, "reference_day": "2026-12-07",
    "opens_at": "2026-12-01 01:00:00", "closes_at": "2026-12-07 09:00:00", "publicity_days": 5,
    "answer_days": 3, "posting_day_counts": False, "ballot_kind": "approval", "min_choices": 1,
    "max_choices": 3, "allocation": "greedy", "least_votes": 0, "tie_steps": "draw",
    "check_code": True, "notice_form": "通告", "help_number": "0791-86500000", "office_name": "",
    "office_address": "", "office_contact": "", "polling_place": "", "hash_alg": "sha256",
    "seal_alg": "hpke", "seal_way": "server",
}  # fmt: skip
_CANDIDATE = {
    "round_id": "r1", "title": "路灯", "place": "东门", "sentence": "", "description": "", "cost": 5,
    "beneficiaries": 9,
}  # fmt: skip
_ROWS: list[tuple[str, dict[str, object]]] = [
    ("area", {"id": "a1", "level": "district", "name": "西湖区", "path": "a1/"}),
    ("round", _ROUND),
    ("phase_change", {"id": "c1", "round_id": "r1", "before": "deliberating", "after": "shortlisted",
                      "at": _NOW, "by": "o1", "reason": "会"}),
    ("candidate", _CANDIDATE | {"id": "k1", "ballot_number": 1}),
    ("candidate", _CANDIDATE | {"id": "k2"}),
    ("proposal", {"id": "p1", "round_id": "r1", "title": "灯", "category": "engineering", "place": "",
                  "reason": "", "source": "paper", "state": "merged", "proposer_sealed": b"s",
                  "proposer_key": b"k", "entered_at": _NOW, "entered_by": "o1"}),
    ("candidate_source", {"candidate_id": "k1", "proposal_id": "p1"}),
    ("elector", {"round_id": "r1", "elector_id": "e1", "id_key": b"i", "name_key": b"n",
                 "name_masked": "张*", "id_kind": "resident", "id_masked": "3601", "basis": "live",
                 "building": "3栋", "added_at": _NOW}),
    ("participation", {"round_id": "r1", "elector_id": "e1", "channel": "poster", "day": "2026-12-01"}),
    ("notice", {"id": "n1", "number": "2026-0001", "kind": "vote", "edition": 1, "area_id": "a1",
                "round_id": "r1", "title": "通告", "facts": "{}", "pdf_digest": "d", "issued_at": _NOW,
                "issued_by": "o1"}),
]  # fmt: skip
_LEDGER_ROWS: list[tuple[str, dict[str, object]]] = [
    ("ledger", {"round_id": "r1", "origin": "x/ledger/r1", "public_key": b"p", "begun_at": _NOW}),
    ("ledger_entry", {"round_id": "r1", "idx": 0, "kind": "rules", "body": "{}", "leaf": b"l",
                      "source": "rules"}),
    ("ledger_entry", {"round_id": "r1", "idx": 1, "kind": "ballot", "body": "{}", "leaf": b"m",
                      "slot": b"s"}),
    ("ledger_note", {"id": "n1", "round_id": "r1", "at": _NOW, "kind": "calls", "body": "{}"}),
    ("checkpoint", {"round_id": "r1", "size": 2, "at": _NOW, "root": b"r", "note": "n"}),
]  # fmt: skip
# What can stand in a database from a revision on; later revisions are tried with all of it.
_ROWS_OF = {"0001": _ROWS, "0003": _LEDGER_ROWS}
_FOLDER = str(ROOT / "voting" / "persistence" / "migrations")
_SCRIPTS = ScriptDirectory(_FOLDER, version_locations=[_FOLDER])
_REVISIONS = [script.revision for script in _SCRIPTS.walk_revisions()][::-1]
_FIRST, _HEAD = _REVISIONS[0], _REVISIONS[-1]
# The whole way stands in other tests; single steps that have been out for long wait for the campaigns.
_NEW = 4
_STEPS = [
    pytest.param(
        before, after, marks=[] if at >= len(_REVISIONS) - 1 - _NEW else [pytest.mark.soak]
    )
    for at, (before, after) in enumerate(pairwise(_REVISIONS))
]


@pytest.fixture
def empty_url(any_database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if any_database == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@contextmanager
def _app(url: str, var: Path) -> Iterator[Flask]:
    app = create_app(Config.from_environ({"VOTING_DATABASE_URL": url, "VOTING_VAR": str(var)}))
    with app.app_context():
        yield app
    app.extensions["voting.database"].engine.dispose()


def _move(url: str, var: Path, to: str) -> None:
    with _app(url, var) as app:
        alembic = app.extensions["alembic"]
        standing = [_REVISIONS.index(script.revision) for script in alembic.current()]
        is_back = standing and _REVISIONS.index(to) < standing[0]
        (alembic.downgrade if is_back else alembic.upgrade)(to)


def _rows_up_to(revision: str) -> list[tuple[str, dict[str, object]]]:
    known = _REVISIONS[: _REVISIONS.index(revision) + 1]
    return [row for each in known for row in _ROWS_OF.get(each, [])]


def _fill(connection: Connection, rows: list[tuple[str, dict[str, object]]] = _ROWS) -> None:
    for table, row in rows:
        columns = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), row)  # noqa: S608 -- names of this file


def _counts(
    connection: Connection, rows: list[tuple[str, dict[str, object]]] = _ROWS
) -> dict[str, int]:
    tables = {table for table, _ in rows}
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 -- names of this file
        for table in tables
    }


def _guards(connection: Connection) -> set[str]:
    standing = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return set(connection.execute(text(standing)).scalars())


def test_everything_in_an_older_database_is_kept(empty_url: str, tmp_path: Path) -> None:
    _move(empty_url, tmp_path, _FIRST)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        _fill(connection)
        before = _counts(connection)
    _move(empty_url, tmp_path, _HEAD)
    with engine.connect() as connection:
        assert _counts(connection) == before
        states = connection.execute(text("SELECT id, state FROM candidate ORDER BY id")).all()
        assert [tuple(row) for row in states] == [("k1", "listed"), ("k2", "reserve")]
        assert connection.execute(text("SELECT audience FROM notice")).scalar_one() == "public"
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(empty_url: str, tmp_path: Path) -> None:
    _move(empty_url, tmp_path, _HEAD)
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, schema.metadata) == []
        assert _guards(connection) == {guard.name for guard in triggers.GUARDS}
    engine.dispose()


def test_the_checks_of_copied_tables_stand(empty_url: str, tmp_path: Path) -> None:
    _move(empty_url, tmp_path, _HEAD)
    engine = create_engine(empty_url)
    found = {}
    with engine.connect() as connection:
        for table in ("candidate", "elector", "notice", "proposal", "round"):
            found[table] = {
                str(check["name"]) for check in inspect(connection).get_check_constraints(table)
            }
    wanted = {
        table: {
            str(constraint.name)
            for constraint in schema.metadata.tables[table].constraints
            if isinstance(constraint, CheckConstraint)
        }
        for table in found
    }
    assert found == wanted
    engine.dispose()


def test_a_step_back_and_forth_loses_nothing(empty_url: str, tmp_path: Path) -> None:
    _move(empty_url, tmp_path, _FIRST)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        _fill(connection)
        before = _counts(connection)
    for to in (_HEAD, _FIRST, _HEAD):
        _move(empty_url, tmp_path, to)
        with engine.connect() as connection:
            assert _counts(connection) == before
    engine.dispose()


# A paper that is not printed yet has no digest; before 0002 there was none such, and a made-up digest on
# the way back would forbid printing it for good. So the column stays nullable.
_STAYS_LOOSE = {("notice", "pdf_digest")}


def _schema(connection: Connection) -> dict[str, object]:
    """Everything that a step back must bring back: tables, columns, keys, checks, indexes, guards."""
    found = inspect(connection)
    kept: dict[str, object] = {"guards": _guards(connection)}
    for table in found.get_table_names():
        kept[table] = {
            "columns": {
                column["name"]: (
                    str(column["type"]),
                    column["nullable"] or (table, column["name"]) in _STAYS_LOOSE,
                    column["default"],
                )
                for column in found.get_columns(table)
            },
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "refers": _in_order(found.get_foreign_keys(table)),
            "unique": _in_order(found.get_unique_constraints(table)),
            "checks": _in_order(found.get_check_constraints(table)),
            "indexes": _in_order(found.get_indexes(table)),
        }
    if connection.dialect.name == "sqlite":
        kinds = connection.execute(text("SELECT name, strict, wr FROM pragma_table_list")).all()
        kept["kinds"] = {row.name: (row.strict, row.wr) for row in kinds}
    return kept


def _in_order(found: Iterable[Mapping[str, Any]]) -> list[str]:
    # The condition of a partial index is an object: its text counts.
    return sorted(
        str({**one, "dialect_options": _texts(one.get("dialect_options", {}))}) for one in found
    )


def _texts(options: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


@pytest.mark.parametrize(("before", "after"), _STEPS)
def test_each_step_up_and_back_keeps_the_rows_and_brings_back_the_schema(
    empty_url: str, tmp_path: Path, before: str, after: str
) -> None:
    rows = _rows_up_to(before)
    _move(empty_url, tmp_path, before)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        _fill(connection, rows)
        kept, schemas = _counts(connection, rows), {before: _schema(connection)}
    for to in (after, before, after):
        _move(empty_url, tmp_path, to)
        with engine.connect() as connection:
            assert _counts(connection, rows) == kept
            found = _schema(connection)
        assert found == schemas.setdefault(to, found)
    engine.dispose()


def test_a_step_back_before_the_ledger_drops_it_and_nothing_else(
    empty_url: str, tmp_path: Path
) -> None:
    _move(empty_url, tmp_path, "0003")
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        _fill(connection, [*_ROWS, *_LEDGER_ROWS])
        kept = _counts(connection)
    _move(empty_url, tmp_path, "0002")
    with engine.connect() as connection:
        assert _counts(connection) == kept
        assert not {table for table, _ in _LEDGER_ROWS} & set(inspect(connection).get_table_names())
    _move(empty_url, tmp_path, "0003")
    with engine.connect() as connection:
        assert _counts(connection) == kept
        assert set(_counts(connection, _LEDGER_ROWS).values()) == {0}
    engine.dispose()


def test_sqlite_tables_stay_strict_and_in_key_order(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    _move(url, tmp_path, _HEAD)
    engine = create_engine(make_url(url))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, strict, wr FROM pragma_table_list")).all()
    kept = {row.name: (row.strict, row.wr) for row in rows}
    assert kept["elector"] == (1, 1)
    assert all(kept[name][0] == 1 for name in ("candidate", "notice", "proposal", "round"))
    engine.dispose()
