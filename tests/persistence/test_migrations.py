"""A database of an earlier version comes up to date with everything in it, and back again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

from tests.postgres import Cluster
from voting import schema
from voting.app import create_app
from voting.config import Config
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
_FIRST, _HEAD = "0001", "0006"


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
        standing = {script.revision for script in alembic.current()}
        (alembic.upgrade if not standing or to == _HEAD else alembic.downgrade)(to)


def _fill(connection: Connection) -> None:
    for table, row in _ROWS:
        columns = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), row)  # noqa: S608 -- names of this file


def _counts(connection: Connection) -> dict[str, int]:
    tables = {table for table, _ in _ROWS}
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
