"""Rows that are one person: the same number again, under two names, or two numbers at one door."""

from collections.abc import Iterable

from voting.errors import Refusal
from voting.roll.rules.columns import NAME, NUMBER
from voting.roll.rules.names import comparable
from voting.roll.rules.reading import Entry, Reading

_NAMED_ROWS = 5


class TwoNames(Refusal):
    """One identity number stands in the sheet under different names."""

    msgid = "第 %(rows)s 行是同一个证件号码，姓名却不一样。请核对哪一行是对的，只留一行。"
    status = 422


class Repeated(Refusal):
    """The same person stands in the sheet once more."""

    msgid = "和第 %(row)s 行是同一个人，只列入一次。"
    status = 422


class MaybeSame(Refusal):
    """Two numbers under one name at one door: an old number beside the new one, or two people."""

    msgid = (
        "第 %(rows)s 行同名、同住址，证件号码不同，可能是同一个人。请核对；确是两个人的，不用改。"
    )
    status = 422


def settle_doubles(listed: Iterable[Entry], reading: Reading) -> None:
    """Put the rows that may be listed into ``reading``: each person once, conflicts as faults."""
    by_number: dict[str, list[Entry]] = {}
    for entry in listed:
        by_number.setdefault(entry.identity.number, []).append(entry)
    for same in by_number.values():
        if len({comparable(entry.name) for entry in same}) > 1:
            for entry in same:
                reading.reject(entry.row, NAME, TwoNames(rows=_rows(same)))
            continue
        reading.entries.append(same[0])
        reading.repeated += len(same) - 1
        for entry in same[1:]:
            reading.remark(entry.row, NUMBER, Repeated(row=same[0].row))
    _remark_one_door(reading)


def _remark_one_door(reading: Reading) -> None:
    at_door: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in reading.entries:
        if entry.room:
            door = (comparable(entry.name), entry.building, entry.room)
            at_door.setdefault(door, []).append(entry)
    for same in at_door.values():
        if len(same) > 1:
            for entry in same:
                reading.remark(entry.row, NUMBER, MaybeSame(rows=_rows(same)))


def _rows(same: list[Entry]) -> str:
    return "、".join(str(entry.row) for entry in same[:_NAMED_ROWS])
