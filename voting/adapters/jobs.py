"""Long jobs: a queue on disk (huey), one process that works it off, and a row that says how far it is.

The row is the truth, the queue only wakes: a job is taken by a conditional update, so that it runs once
however often it was put. One process holds the lock file while it serves; whoever wants to know whether
anybody serves asks the lock, which the kernel releases however that process ends.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from huey import SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.errors import Refusal, quotes_values
from voting.persistence.jobs import Job
from voting.persistence.session import Database

log = logging.getLogger(__name__)
# Its own chatter would bury the sample card that `make demo` prints.
logging.getLogger("huey").setLevel(logging.WARNING)

DIED = "这项工作中途停了（程序重启或断电）。请重新开始。"
FAULT = "做这项工作时出了错，已经记入日志。请再试一次；还不行，请告诉管理员。"
_PATIENCE = 0.5
_BETWEEN_REPORTS = 0.5
_DONE: dict[str, object] = {"state": "done", "done": Job.total}


class AlreadyServed(Refusal):
    """Another process works the queue off."""

    msgid = "后台打印服务已经在运行，不用再开一个。"


class Abandoned(Exception):
    """The row says that this job is not running: it was given up while it ran."""


@dataclass(frozen=True)
class Work:
    """What a handler receives: about what, and how to tell how far it is."""

    subject_id: str
    progress: Callable[[int], None]


Handler = Callable[[Work], None]


class Queue:
    """The queue of one installation, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, job_id: str) -> None:
        """Wake the consumer for a job whose row has been committed."""
        huey = self._open()
        try:
            _task(huey, _nobody_here)(job_id)
        finally:
            huey.storage.close()

    def is_served(self) -> bool:
        """Tell whether a consumer is running on this machine."""
        if not self._folder.exists():
            return False
        with self._lock_file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def held(self, *, wait: bool) -> Iterator[None]:
        """Hold the queue for one consumer; raise AlreadyServed, or ``wait`` until the other ends."""
        with self._lock_file() as file:
            if not _lock(file):
                if not wait:
                    raise AlreadyServed
                log.warning("another process works the queue off; this one waits for its end")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def serve(self, work: Callable[[str], None], waiting: Callable[[], list[str]]) -> None:
        """Work the queue off until a signal ends the process; ``held`` must be entered before.

        What the queue held is thrown away for what the rows say is ``waiting``.
        """
        huey = self._open()
        huey.flush()
        task = _task(huey, work)
        for job_id in waiting():
            task(job_id)
        Consumer(
            huey, workers=1, periodic=False, max_delay=0.5, scheduler_interval=60, backoff=1.05
        ).run()

    def _open(self) -> SqliteHuey:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SqliteHuey("voting", filename=str(self._folder / "queue.sqlite3"), results=False)

    def _lock_file(self) -> IO[bytes]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _lock(file: IO[bytes]) -> bool:
    """Try to lock; whoever only asks holds the lock for an instant, so ask more than once."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        else:
            return True


def _task(huey: SqliteHuey, run: Callable[[str], None]) -> Callable[[str], object]:
    # huey knows a task by the module and name of its function: both ends must use this one.
    @huey.task()
    def work(job_id: str) -> None:
        run(job_id)

    return work  # type: ignore[no-any-return]  # huey carries no types


def _nobody_here(job_id: str) -> None:
    raise NotImplementedError(job_id)


def perform(
    database: Database,
    handlers: Mapping[str, Handler],
    job_id: str,
    *,
    clock: Callable[[], datetime],
    watch: Callable[[int], None] = lambda _done: None,
) -> bool:
    """Run one job to its end; return whether it was waiting to be run. ``watch`` hears how far it is."""
    with database.transaction() as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "waiting")
            .values(state="running")
            .returning(Job.kind, Job.subject_id)
        ).one_or_none()
    if taken is None:
        return False
    work = Work(taken.subject_id, _Reporter(database, job_id, watch))
    try:
        message = _run(handlers[taken.kind], work)
        end = {"state": "failed", "message": message} if message else _DONE
        _write(database, job_id, **end, finished_at=clock())
    except Abandoned:
        log.warning("job %s was given up while it ran", job_id)
    return True


def _run(handler: Handler, work: Work) -> str | None:
    """Run a handler and return the sentence that says why it failed, if it did."""
    try:
        handler(work)
    except Abandoned:
        raise
    except Refusal as refusal:
        return str(refusal)
    except Exception as error:
        log.error(  # noqa: TRY400 -- the traceback goes in only where it quotes no values
            "a job about %s failed: %s", work.subject_id, type(error).__name__,
            exc_info=None if quotes_values(error) else error,
        )  # fmt: skip
        return FAULT
    return None


def latest(session: Session, *, kind: str, subject_id: str) -> Job | None:
    """Return the newest job of a kind about something, or None."""
    query = select(Job).where(Job.subject_id == subject_id, Job.kind == kind)
    newest = (Job.created_at.desc(), Job.finished_at.is_not(None), Job.id)
    return session.scalars(query.order_by(*newest).limit(1)).one_or_none()


def under_way(
    session: Session, *, kind: str, subject_id: str, now: datetime, served: bool, died: str = DIED
) -> Job | None:
    """Return the job of a kind about something that waits or runs, or None; who asks holds the subject.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died, and is
    marked as failed with the sentence ``died``.
    """
    job = latest(session, kind=kind, subject_id=subject_id)
    if job is None or job.state not in {"waiting", "running"}:
        return None
    if job.state == "waiting" or served:
        return job
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == "running")
        .values(state="failed", message=died, finished_at=now)
        .execution_options(synchronize_session=False)
    )
    return None


def waiting(database: Database) -> list[str]:
    """Return the jobs nobody has begun, oldest first."""
    with database.reading() as session:
        query = select(Job.id).where(Job.state == "waiting").order_by(Job.created_at, Job.id)
        return list(session.scalars(query))


def settle(database: Database, *, now: datetime) -> int:
    """Mark running jobs as failed and return how many; only for a moment in which nothing can run."""
    with database.transaction() as session:
        died = session.scalars(
            update(Job)
            .where(Job.state == "running")
            .values(state="failed", message=DIED, finished_at=now)
            .returning(Job.id)
        )
        return len(died.all())


class _Reporter:
    """Writes progress down, not more often than a page asks for it."""

    def __init__(self, database: Database, job_id: str, watch: Callable[[int], None]) -> None:
        self._database = database
        self._job_id = job_id
        self._watch = watch
        self._next = 0.0

    def __call__(self, done: int) -> None:
        self._watch(done)
        if time.monotonic() < self._next:
            return
        _write(self._database, self._job_id, done=done)
        self._next = time.monotonic() + _BETWEEN_REPORTS


def _write(database: Database, job_id: str, **values: object) -> None:
    with database.transaction() as session:
        changed = session.scalars(
            update(Job)
            .where(Job.id == job_id, Job.state == "running")
            .values(**values)
            .returning(Job.id)
        )
        if changed.one_or_none() is None:
            raise Abandoned(job_id)
