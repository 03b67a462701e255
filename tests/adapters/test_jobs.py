import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voting.adapters.jobs import (
    DIED,
    FAULT,
    AlreadyServed,
    Handler,
    Queue,
    Work,
    perform,
    settle,
    waiting,
)
from voting.errors import Refusal
from voting.persistence.jobs import Job
from voting.persistence.session import Database

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


class OutOfPaper(Refusal):
    msgid = "没有纸了。"


def make_job(database: Database, *, state: str = "waiting", total: int = 10) -> str:
    with database.transaction() as session:
        job = Job(
            kind="test.work",
            subject_id="something",
            officer_id="somebody",
            state=state,
            total=total,
            created_at=NOW,
        )
        session.add(job)
        session.flush()
        return job.id


def look(database: Database, job_id: str) -> Job:
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        session.expunge_all()
        return job


def run(database: Database, job_id: str, handler: Handler) -> bool:
    return perform(database, {"test.work": handler}, job_id, clock=lambda: NOW)


def test_a_job_runs_to_its_end(any_database: str, database: Database) -> None:
    seen: list[str] = []
    job_id = make_job(database)

    def handler(work: Work) -> None:
        seen.append(f"{work.subject_id} {look(database, job_id).state}")

    assert run(database, job_id, handler)
    job = look(database, job_id)
    assert seen == ["something running"]
    assert (job.state, job.done, job.finished_at) == ("done", 10, NOW)


def test_a_job_runs_once_however_often_it_was_put(any_database: str, database: Database) -> None:
    job_id, seen = make_job(database), []
    start = threading.Barrier(4)

    def take() -> None:
        start.wait()
        run(database, job_id, lambda _work: seen.append(1))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1]
    assert not run(database, job_id, lambda _work: seen.append(2))


def test_progress_is_written_down(database: Database) -> None:
    job_id = make_job(database)
    seen: list[int] = []

    def handler(work: Work) -> None:
        work.progress(4)
        seen.append(look(database, job_id).done)

    run(database, job_id, handler)
    assert seen == [4]


def test_progress_is_not_written_more_often_than_anybody_looks(database: Database) -> None:
    job_id = make_job(database)
    seen: list[int] = []

    def handler(work: Work) -> None:
        for done in range(1, 10):
            work.progress(done)
        seen.append(look(database, job_id).done)

    run(database, job_id, handler)
    assert seen == [1]


def test_a_refusal_becomes_the_sentence_of_a_failed_job(database: Database) -> None:
    job_id = make_job(database)

    def handler(_work: Work) -> None:
        raise OutOfPaper

    run(database, job_id, handler)
    job = look(database, job_id)
    assert (job.state, job.message, job.finished_at) == ("failed", "没有纸了。", NOW)


def test_a_fault_becomes_a_sentence_and_not_its_text(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = make_job(database)

    def handler(_work: Work) -> None:
        raise ZeroDivisionError("secret")

    run(database, job_id, handler)
    assert look(database, job_id).message == FAULT
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_was_given_up_writes_nothing_more(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = make_job(database)

    def handler(work: Work) -> None:
        settle(database, now=NOW)
        work.progress(3)

    run(database, job_id, handler)
    job = look(database, job_id)
    assert (job.state, job.done, job.message) == ("failed", 0, DIED)
    assert "given up" in caplog.text


def test_a_job_given_up_in_its_last_moment_is_not_done(database: Database) -> None:
    job_id = make_job(database)

    def handler(_work: Work) -> None:
        settle(database, now=NOW)

    run(database, job_id, handler)
    assert look(database, job_id).state == "failed"


def test_only_running_jobs_die(any_database: str, database: Database) -> None:
    jobs = {state: make_job(database, state=state) for state in ("waiting", "running", "done")}
    assert settle(database, now=NOW) == 1
    assert [look(database, jobs[state]).state for state in jobs] == ["waiting", "failed", "done"]
    assert waiting(database) == [jobs["waiting"]]


def test_whoever_asks_learns_whether_the_queue_is_served(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "jobs")
    assert not queue.is_served()
    with queue.held(wait=False):
        assert queue.is_served()
        assert Queue(tmp_path / "jobs").is_served()
    assert not queue.is_served()


def test_one_process_serves_a_queue(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "jobs")
    with queue.held(wait=False), pytest.raises(AlreadyServed), queue.held(wait=False):
        pass


def test_a_second_process_takes_over_when_the_first_ends(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "jobs")
    came: list[str] = []

    def second() -> None:
        with queue.held(wait=True):
            came.append("second")

    with queue.held(wait=False):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(1)
        came.append("first")
    thread.join(timeout=10)
    assert came == ["first", "second"]


def test_asking_never_keeps_a_process_from_serving(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "jobs")
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            queue.is_served()

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(20):
            with queue.held(wait=False):
                pass
    finally:
        stop.set()
        for asker in askers:
            asker.join()


def test_what_is_put_is_for_its_owner_only(tmp_path: Path) -> None:
    Queue(tmp_path / "jobs").put("a")
    assert (tmp_path / "jobs").stat().st_mode & 0o777 == 0o700
