"""What became of a file, as it is kept: counts, and rows, columns and reasons without anything personal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from voting.errors import NotFound
from voting.roll.models import RollImport
from voting.roll.rules.reading import Fault

PER_PAGE = 50


@dataclass(frozen=True)
class KeptFault:
    """A fault, or a remark, as it was stored with its import."""

    row: int
    column: str
    msgid: str
    values: Mapping[str, object]
    letter: str = ""
    remark: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: people added, rows that were there already, rows that could not be used."""

    import_id: str
    accepted: int
    duplicates: int
    rejected: int
    faults: Sequence[Fault]
    remarks: Sequence[Fault] = ()

    @property
    def kept(self) -> list[KeptFault]:
        """Faults and remarks in the form in which they are kept, in the order of the rows."""
        lines = as_kept(self.faults) + as_kept(self.remarks, remark=True)
        return sorted(lines, key=lambda line: line.row)


@dataclass(frozen=True)
class Checked:
    """What a file would do to the roll."""

    accepted: int
    duplicates: int
    rejected: int
    lines: Sequence[KeptFault]


@dataclass(frozen=True)
class ImportPage:
    """One page of the files that were read; pages count from 1."""

    imports: Sequence[RollImport]
    page: int
    pages: int


def as_kept(faults: Iterable[Fault], *, remark: bool = False) -> list[KeptFault]:
    """Return faults in the form in which they are kept."""
    return [
        KeptFault(
            fault.row,
            fault.column,
            fault.refusal.msgid,
            dict(fault.refusal.values),
            fault.letter,
            remark=remark,
        )
        for fault in faults
    ]


def dump_lines(lines: Iterable[KeptFault]) -> str:
    """Return faults and remarks as text."""
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False)


def faults_of(kept: RollImport) -> list[KeptFault]:
    """Return the faults and remarks of an import in the order of its rows."""
    return [KeptFault(**line) for line in json.loads(kept.report)]


def dump_checked(report: ImportReport) -> str:
    """Return as text what a file would do."""
    facts: dict[str, Any] = {
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "lines": [asdict(line) for line in report.kept],
    }
    return json.dumps(facts, ensure_ascii=False)


def load_checked(text: str) -> Checked:
    """Return what ``dump_checked`` wrote."""
    facts = json.loads(text)
    lines = [KeptFault(**line) for line in facts.pop("lines")]
    return Checked(**facts, lines=lines)


def get_import(session: Session, round_id: str, import_id: str) -> RollImport:
    """Return what became of a file; raise NotFound."""
    # PostgreSQL takes no NUL, not even to look for.
    found = None if "\0" in import_id else session.get(RollImport, import_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def imports_of(session: Session, round_id: str, *, page: int = 1) -> ImportPage:
    """Return a page of the files that were read into a roll, the latest first."""
    total = session.scalar(select(func.count()).where(RollImport.round_id == round_id)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    imports = session.scalars(
        select(RollImport)
        .options(defer(RollImport.report))
        .where(RollImport.round_id == round_id)
        .order_by(RollImport.at.desc(), RollImport.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return ImportPage(imports, page, pages)
