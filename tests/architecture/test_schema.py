from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from tests.architecture import schema_rules as rules
from voting import schema
from voting.persistence.base import NAMING, Base, Moment

TABLES = list(schema.metadata.tables.values())
MAPPERS = list(Base.registry.mappers)
OWNERS = {
    str(mapper.local_table): mapper.class_.__module__.split(".")[1] for mapper in MAPPERS
}  # fmt: skip

Check = Callable[[list[Table]], list[str]]


def _cards(tables: list[Table]) -> list[str]:
    return rules.ties_to_a_card(tables, OWNERS)


CHECKS: list[Check] = [
    rules.unnamed_constraints,
    rules.inexact_columns,
    rules.ties_to_the_urn,
    rules.moments_in_the_urn,
    _cards,
]


def _table(name: str, *parts: Column[object] | CheckConstraint, named: bool = True) -> Table:
    metadata = MetaData(naming_convention=NAMING if named else None)
    for other in ("urn", "ballot_card", "round"):
        if other != name:
            Table(other, metadata, Column("id", Text(), primary_key=True))
    return Table(name, metadata, Column("id", Text(), primary_key=True), *parts)


PLANTED: list[tuple[Check, Table]] = [
    (rules.unnamed_constraints, _table("gift", named=False)),
    (rules.unnamed_constraints, _table("gift", CheckConstraint("id <> ''"), named=False)),
    (rules.unnamed_constraints, _table("gift", CheckConstraint("id <> ''", name="x" * 60))),
    (rules.inexact_columns, _table("gift", Column("share", Float()))),
    (rules.inexact_columns, _table("gift", Column("cost", Numeric(10, 2)))),
    (rules.ties_to_the_urn, _table("gift", Column("slot", ForeignKey("urn.id")))),
    (rules.ties_to_the_urn, _table("urn", Column("round_id", ForeignKey("round.id")))),
    (rules.moments_in_the_urn, _table("urn", Column("cast_at", Moment()))),
    (_cards, _table("participation", Column("card", ForeignKey("ballot_card.id")))),
    (_cards, _table("participation", Column("cred_hash", BigInteger()))),
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_tables_keep_their_conventions(check: Check) -> None:
    assert check(TABLES) == []


@pytest.mark.parametrize(("check", "table"), PLANTED)
def test_a_planted_fault_is_found(check: Check, table: Table) -> None:
    assert check([table]) != []


def test_every_class_names_its_table() -> None:
    assert rules.unnamed_tables(MAPPERS) == []


def test_a_table_named_by_chance_is_found() -> None:
    class Chance(DeclarativeBase):
        @declared_attr.directive
        def __tablename__(cls) -> str:  # noqa: N805 -- SQLAlchemy hands over the class
            return cls.__name__.lower()

    class Gift(Chance):
        id: Mapped[str] = mapped_column(primary_key=True)
        at: Mapped[datetime]

    assert len(rules.unnamed_tables(list(Chance.registry.mappers))) == 1


def test_the_urn_and_the_cards_are_among_the_tables_checked() -> None:
    assert {"urn", "ballot_card"} <= {table.name for table in TABLES}
    assert OWNERS["ballot_card"] == "cards"
