"""Every check, in the order from the disk to the count; what cannot be read is found, too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.persistence import condition
from voting.persistence.watch import CheckRun
from voting.rounds.models import Round
from voting.upkeep.rules.findings import Finding, found
from voting.upkeep.service.checking.figures import check_figures, check_strays
from voting.upkeep.service.checking.frozen import check_frozen
from voting.upkeep.service.checking.journal import check_journal
from voting.upkeep.service.checking.ledgers import check_ledger
from voting.upkeep.service.checking.tallies import check_tally
from voting.upkeep.service.checking.urns import check_urn

Reading = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]
_OF_ROUND: tuple[tuple[str, Callable[[Session, Round], Iterator[Finding]]], ...] = (
    ("规则", check_frozen),
    ("公开账本", check_ledger),
    ("票箱", check_urn),
    ("投票权", check_figures),
    ("计票结果", check_tally),
)
_OF_ALL: tuple[tuple[str, Callable[[Session], Iterator[Finding]]], ...] = (
    ("操作记录", check_journal),
    ("票箱", check_strays),
)


def check_everything(
    reading: Reading, *, progress: Progress | None = None, is_copy: bool = False
) -> list[Finding]:
    """Return everything that does not fit, of the database, the journal and every frozen round.

    Each part is read in a session of its own, so that on SQLite nobody waits long. Of a ``copy`` (a backup)
    guards and settings are those of the place where it will run, and are not asked.
    """
    findings = list(
        _guarded("数据库", lambda session: _of_database(session, is_copy=is_copy), reading)
    )
    for where, check in _OF_ALL:
        findings += _guarded(where, check, reading)
    rounds = _frozen_rounds(reading)
    for done, round_id in enumerate(rounds):
        if progress:
            progress(done, len(rounds))
        findings += _of_round(reading, round_id)
    if progress:
        progress(len(rounds), len(rounds))
    return sorted(findings, key=lambda one: one.is_remark)


def _of_database(session: Session, *, is_copy: bool) -> Iterator[Finding]:
    connection = session.connection()
    for line in condition.damage(connection):
        yield found("pages", what=line)
    if is_copy:
        return
    if differing := condition.guards_differing(connection):
        yield found("guards", what=", ".join(differing))
    if unsafe := condition.unsafe_settings(connection):
        yield found("settings", what=", ".join(unsafe))
    if advice := condition.advice(connection):
        yield found("advice", what=", ".join(advice))


def _frozen_rounds(reading: Reading) -> list[str]:
    with reading() as session:
        frozen = select(Round.id).where(Round.frozen_at.is_not(None)).order_by(Round.id)
        return list(session.scalars(frozen))


def _of_round(reading: Reading, round_id: str) -> list[Finding]:
    findings: list[Finding] = []
    for where, check in _OF_ROUND:
        findings += _guarded(where, _on(check, round_id), reading, round_id)
    return findings


def _on(
    check: Callable[[Session, Round], Iterator[Finding]], round_id: str
) -> Callable[[Session], Iterator[Finding]]:
    return lambda session: check(session, session.get_one(Round, round_id))


def _guarded(
    where: str,
    check: Callable[[Session], Iterator[Finding]],
    reading: Reading,
    round_id: str | None = None,
) -> list[Finding]:
    findings: list[Finding] = []
    try:
        with reading() as session:
            findings.extend(check(session))
    except Exception as error:  # noqa: BLE001 -- a damaged row may break any reader: that is what is looked for
        findings.append(found("unreadable", round_id, where=where, why=type(error).__name__))
    return findings


def keep_run(session: Session, *, now: datetime, findings: list[Finding]) -> CheckRun:
    """Keep how much was found and the first of it: the desk says so until a later check finds nothing."""
    faults = [one for one in findings if not one.is_remark]
    first = faults[0].msgid % faults[0].values if faults else ""
    run = CheckRun(at=now, findings=len(faults), first=first)
    session.add(run)
    session.flush()
    return run
