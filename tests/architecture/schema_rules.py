"""Conventions of the tables. Each check returns what it finds."""

from sqlalchemy import (
    Constraint,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import Mapper

Findings = list[str]

# What PostgreSQL keeps of a name; a longer one would differ between the two databases.
NAME_LENGTH = 63

CARD_COLUMNS = {"cred_hash", "short_hash", "check_hmac", "card_id"}


def unnamed_tables(mappers: list[Mapper[object]]) -> Findings:
    """Find classes that leave the name of their table to chance."""
    return [
        f"{mapper.class_.__name__} has no __tablename__ of its own"
        for mapper in mappers
        if "__tablename__" not in vars(mapper.class_)
    ]


def unnamed_constraints(tables: list[Table]) -> Findings:
    """Find constraints and indexes without a name, or with one too long for PostgreSQL."""
    found = []
    for table in tables:
        items: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for item in items:
            name = str(item.name or "")
            if not name or len(name) > NAME_LENGTH:
                found.append(f"{table.name}: {type(item).__name__} is named {name or 'nothing'}")
    return found


def inexact_columns(tables: list[Table]) -> Findings:
    """Find columns that hold fractions in binary, or money in anything but whole cents."""
    return [
        f"{column} is inexact"
        for table in tables
        for column in table.columns
        if isinstance(column.type, Float | Numeric)
    ]


def _refers(constraint: Constraint, table: str) -> bool:
    return isinstance(constraint, ForeignKeyConstraint) and any(
        element.target_fullname.split(".")[0] == table for element in constraint.elements
    )


def ties_to_the_urn(tables: list[Table]) -> Findings:
    """Find foreign keys from or to the urn: nothing may be joined on it."""
    return [
        f"{table.name}: a foreign key {'from' if table.name == 'urn' else 'to'} the urn"
        for table in tables
        for constraint in table.constraints
        if _refers(constraint, "urn")
        or (table.name == "urn" and isinstance(constraint, ForeignKeyConstraint))
    ]


def moments_in_the_urn(tables: list[Table]) -> Findings:
    """Find a time beside a sealed ballot: it would say who cast it."""
    found = []
    for table in tables:
        for column in table.columns:
            kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
            if table.name == "urn" and isinstance(kind, DateTime):
                found.append(f"{column} is a time")
    return found


def ties_to_a_card(tables: list[Table], owners: dict[str, str]) -> Findings:
    """Find tables outside ``cards`` that refer to a ballot card, by a key or by what is printed on it.

    ``owners`` says which package a table belongs to.
    """
    others = [table for table in tables if owners.get(table.name) != "cards"]
    keys = [
        f"{table.name}: a foreign key to ballot_card"
        for table in others
        for constraint in table.constraints
        if _refers(constraint, "ballot_card")
    ]
    columns = [
        f"{column} names a card"
        for table in others
        for column in table.columns
        if column.name in CARD_COLUMNS
    ]
    return keys + columns
