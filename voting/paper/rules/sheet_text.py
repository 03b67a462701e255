"""The sheet as it is signed (canonical JSON), and what changed between two of them."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from voting.errors import Refusal
from voting.journal.rules import canonical
from voting.paper.rules.sheet import BundleFigures, RoundFigures, Sheet

_FORMAT = "sheet 1"


class SheetUnreadable(Refusal):
    """What is stored is no sheet of this format."""

    msgid = "保存的清票记录读不出来。请保留现场，联系管理员。"


@dataclass(frozen=True)
class Change:
    """One figure that is not any more what was signed; a bundle of 0 means the sums of the round."""

    batch: int
    bundle: int
    name: str
    before: int | None
    after: int | None


def write_sheet(sheet: Sheet) -> str:
    """Return the canonical JSON of a sheet: the same figures give the same bytes."""
    return canonical({"format": _FORMAT, **asdict(sheet)})


def read_sheet(text: str) -> Sheet:
    """Read what ``write_sheet`` wrote; raise SheetUnreadable."""
    try:
        facts = json.loads(text)
        bundles = tuple(BundleFigures(**one) for one in facts["bundles"])
        return Sheet(bundles, RoundFigures(**facts["round"]))
    except (ValueError, TypeError, KeyError) as odd:
        raise SheetUnreadable from odd


def changes(signed: Sheet, now: Sheet) -> list[Change]:
    """Return every figure in which two sheets differ."""
    return [*_of_bundles(signed, now), *_of_round(signed.round, now.round)]


def _of_bundles(signed: Sheet, now: Sheet) -> Iterator[Change]:
    old = {(one.batch, one.bundle): asdict(one) for one in signed.bundles}
    new = {(one.batch, one.bundle): asdict(one) for one in now.bundles}
    for batch, bundle in sorted(old.keys() | new.keys()):
        before, after = old.get((batch, bundle), {}), new.get((batch, bundle), {})
        for name in before or after:
            values = before.get(name), after.get(name)
            if values[0] != values[1] and name not in {"batch", "bundle", "holder", "holder_name"}:
                yield Change(batch, bundle, name, *values)
        if before.get("holder") != after.get("holder"):
            yield Change(batch, bundle, "holder", None, None)


def _of_round(signed: RoundFigures, now: RoundFigures) -> Iterator[Change]:
    after = asdict(now)
    for name, before in asdict(signed).items():
        if before != after[name]:
            yield Change(0, 0, name, before, after[name])
