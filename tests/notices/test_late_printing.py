import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from tests.factories.notices import let_print, make_plain
from tests.papers import codes, running_text
from tests.visiting import visit
from voting.notices import holder
from voting.notices.models import Notice
from voting.notices.service import keep_digest, keeping
from voting.persistence.base import new_id

TOGETHER = 5


@pytest.fixture
def waiting(database, config):
    """A paper that nobody has printed yet."""
    let_print(config)
    with database.transaction() as session:
        return make_plain(session)


def stored(database, notice):
    with database.reading() as session:
        return session.get_one(Notice, notice.id).pdf_digest


def test_a_paper_is_printed_when_somebody_first_asks(client, database, waiting):
    assert stored(database, waiting) is None
    first = client.get(f"/notices/{waiting.number}.pdf")
    assert first.status_code == 200
    assert hashlib.sha256(first.data).hexdigest() == stored(database, waiting)
    assert "线路检修，投票点停电三天。" in running_text(first.data)
    assert [code.text for code in codes(first.data)] == ["https://vote.example.cn/rounds/r1"]
    assert client.get(f"/notices/{waiting.number}.pdf").data == first.data


def test_the_print_does_not_depend_on_the_day_it_is_asked_for(client, clock, database, waiting):
    first = client.get(f"/notices/{waiting.number}.pdf").data
    with database.transaction() as session:
        other = make_plain(session)
    clock.now += timedelta(days=400)
    later = client.get(f"/notices/{other.number}.pdf").data
    assert running_text(later) == running_text(first).replace(waiting.number, other.number)
    assert "2026年11月23日" in running_text(later)


def test_the_picture_prints_it_too(client, database, waiting):
    assert client.get(f"/notices/{waiting.number}.png").mimetype == "image/png"
    assert stored(database, waiting)


def test_the_page_shows_the_words_before_and_the_fingerprint_after_printing(client, waiting):
    page = visit(client, f"/notices/{waiting.number}")
    assert "线路检修" in page.text
    assert "SHA-256" not in page.text
    digest = hashlib.sha256(client.get(f"/notices/{waiting.number}.pdf").data).hexdigest()
    page = visit(client, f"/notices/{waiting.number}")
    assert digest in page.text.replace(" ", "")
    assert any(link.endswith("/rounds/r1") for link in page.links)


def test_the_command_prints_it_too(runner, database, waiting, tmp_path):
    file = tmp_path / "x.pdf"
    done = runner.invoke(args=["notices", "pdf", waiting.number, str(file)])
    assert done.exit_code == 0, done.output
    assert hashlib.sha256(file.read_bytes()).hexdigest() == stored(database, waiting)


def test_what_is_printed_never_changes_any_more(session, any_database):
    notice = make_plain(session)
    assert keep_digest(session, notice.id, "a" * 64) == "a" * 64
    assert keep_digest(session, notice.id, "b" * 64) == "a" * 64
    session.flush()
    with pytest.raises(DatabaseError, match="a notice stays as issued"):
        session.execute(text("UPDATE notice SET pdf_digest = 'c'"))


def test_no_transaction_is_open_while_the_page_is_set(app, database, waiting, monkeypatch):
    def slow(_paper):
        # Whoever sets pages must hold nothing: another writer gets through at once.
        with database.transaction() as session:
            make_plain(session)
        return "d" * 64

    monkeypatch.setattr(holder, "print_paper", slow)
    monkeypatch.setattr(holder, "stored_pdf", lambda _files, **named: named["digest"].encode())
    with app.app_context():
        assert holder.printed(waiting) == b"d" * 64


def test_a_damaged_print_is_not_printed_anew(app, client, database, waiting):
    client.get(f"/notices/{waiting.number}.pdf")
    app.extensions["voting.files"].path(stored(database, waiting)).unlink()
    assert client.get(f"/notices/{waiting.number}.pdf").status_code == 500


# Two who ask at once


def ask_together(app, notice, monkeypatch):
    start = threading.Barrier(TOGETHER)

    def made(_paper):
        digest = app.extensions["voting.files"].put(f"%PDF {new_id()}".encode())
        start.wait()  # everybody has printed, nobody has kept their print
        return digest

    monkeypatch.setattr(holder, "print_paper", made)

    def ask(_number):
        with app.app_context():
            return holder.printed(notice)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(ask, range(TOGETHER)))


@pytest.fixture
def contested(app, database, any_database):
    with database.transaction() as session:
        return make_plain(session)


def test_all_who_ask_at_once_get_one_and_the_same_print(app, database, contested, monkeypatch):
    given = ask_together(app, contested, monkeypatch)
    assert len(set(given)) == 1
    assert hashlib.sha256(given[0]).hexdigest() == stored(database, contested)


def test_the_race_is_seen_when_the_guard_is_removed(app, contested, monkeypatch):
    def unguarded(notice_id, digest):
        return update(Notice).where(Notice.id == notice_id).values(pdf_digest=digest)

    monkeypatch.setattr(keeping, "printing", unguarded)
    with pytest.raises(DatabaseError, match="a notice stays as issued"):
        ask_together(app, contested, monkeypatch)
