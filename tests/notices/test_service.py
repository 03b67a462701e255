import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.factories.areas import NOW, make_area, make_chain
from tests.factories.notices import make_notice
from voting.adapters.storage import FileStore
from voting.areas.models import Area
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.notices.models import NoticeCounter
from voting.notices.service import (
    PER_PAGE,
    AlreadyIssued,
    DamagedPaper,
    NumberTaken,
    find_notice,
    get_notice,
    issuer_of,
    next_number,
    notices_in,
    notices_of,
    numbering,
    stored_pdf,
)


def test_numbers_follow_one_another_within_a_year(session, any_database):
    numbers = [make_notice(session).number for _ in range(3)]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
    assert next_number(session, now=NOW) == "2026-0004"
    later = datetime(2027, 1, 4, tzinfo=UTC)
    assert make_notice(session, now=later).number == "2027-0001"


def test_the_year_is_that_of_shanghai(session):
    eve = datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai
    assert make_notice(session, now=eve).number == "2027-0001"
    assert next_number(session, now=eve - timedelta(minutes=1)) == "2026-0001"


def test_a_printed_number_is_taken_only_if_it_is_the_next(session, any_database):
    assert make_notice(session, number="2026-0001").number == "2026-0001"
    for number in ("2026-0001", "2026-0003", "2025-0002", "nonsense"):
        with pytest.raises(NumberTaken):
            make_notice(session, number=number)
    assert make_notice(session, number="2026-0002").number == "2026-0002"


def test_a_paper_is_issued_once_for_each_round_and_kind(session, any_database):
    make_notice(session, round_id="r1")
    with pytest.raises(AlreadyIssued):
        make_notice(session, round_id="r1")
    assert make_notice(session, round_id="r1", kind="vote").kind == "vote"
    assert make_notice(session, round_id="r2").kind == "result"


def test_a_paper_never_changes(session, any_database):
    notice = make_notice(session)
    with pytest.raises(DatabaseError, match="a notice stays as issued"):
        session.execute(text("UPDATE notice SET title = 'x' WHERE id = :id"), {"id": notice.id})


def test_issuing_stands_in_the_journal(session):
    make_notice(session)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.object_kind, entry.actor_name) == ("notice.issue", "notice", "周强")


def test_a_paper_is_found_by_its_number_and_by_its_id(session, any_database):
    notice = make_notice(session)
    assert get_notice(session, notice.number) is notice
    assert get_notice(session, notice.id) is notice


@pytest.mark.parametrize(
    "name", ["", "2026-0009", "nonesuch", "x" * 1000, "a\x00b", "中文", "' OR 1"]
)
def test_other_names_find_nothing(session, any_database, name):
    make_notice(session)
    with pytest.raises(NotFound):
        get_notice(session, name)


def test_papers_are_listed_by_round_and_by_area(session):
    chain = make_chain(session)
    one = make_notice(session, area=chain.estate, round_id="r1")
    two = make_notice(session, area=chain.street, round_id="r2")
    other = make_notice(session, area=make_area(session), round_id="r3")
    assert notices_of(session, "r1") == [one]
    assert notices_of(session) == [one, two, other]
    assert notices_in(session, chain.district).notices == [two, one]
    assert notices_in(session, chain.community).notices == [one]
    assert find_notice(session, "r1", "result") is one
    assert find_notice(session, "r1", "vote") is None


def test_long_lists_come_in_pages(session):
    area = make_area(session)
    for number in range(PER_PAGE + 1):
        make_notice(session, area=area, round_id=f"r{number}")
    first, last = (notices_in(session, area, page=page) for page in (1, 99))
    assert (len(first.notices), first.pages) == (50, 2)
    assert (len(last.notices), last.page) == (1, 2)


def test_the_street_signs_for_what_lies_below_it(session):
    chain = make_chain(session)
    assert issuer_of(session, chain.estate) == "南站街道办事处"
    assert issuer_of(session, chain.street) == "南站街道办事处"
    assert issuer_of(session, chain.district) == "西湖区"


def test_a_stored_pdf_is_given_out_as_it_was_issued(session, tmp_path):
    files = FileStore(tmp_path)
    digest = files.put(b"%PDF-1.7 paper")
    notice = make_notice(session, pdf_digest=digest)
    assert stored_pdf(files, number=notice.number, digest=digest) == b"%PDF-1.7 paper"


@pytest.mark.parametrize("damage", ["changed", "cut", "lost"])
def test_a_damaged_pdf_is_reported_and_never_given_out(session, tmp_path, caplog, damage):
    files = FileStore(tmp_path)
    digest = files.put(b"%PDF-1.7 paper")
    notice = make_notice(session, pdf_digest=digest)
    path = files.path(digest)
    if damage == "lost":
        path.unlink()
    else:
        path.write_bytes(b"%PDF-1.7 other" if damage == "changed" else b"%PDF")
    with pytest.raises(DamagedPaper, match="2026-0001"):
        stored_pdf(files, number=notice.number, digest=digest)
    assert "notice 2026-0001 is lost or damaged" in caplog.text


# Numbers under race

TOGETHER = 8


def together(database, area_id, number=None):
    start = threading.Barrier(TOGETHER)

    def run(index):
        start.wait()
        try:
            with database.transaction() as session:
                area = session.get_one(Area, area_id)
                return make_notice(session, area=area, round_id=f"r{index}", number=number).number
        except NumberTaken:
            return None

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(run, range(TOGETHER)))


@pytest.fixture
def area_id(database, any_database):
    with database.transaction() as session:
        return make_area(session).id


def test_papers_issued_at_once_get_numbers_without_gap_or_double(database, area_id):
    wanted = [f"2026-{number:04d}" for number in range(1, TOGETHER + 1)]
    assert sorted(together(database, area_id)) == wanted


def test_of_many_papers_printed_with_one_number_one_is_issued(database, area_id):
    numbers = together(database, area_id, number="2026-0001")
    assert numbers.count("2026-0001") == 1
    assert numbers.count(None) == TOGETHER - 1
    with database.reading() as session:
        assert session.get_one(NoticeCounter, 2026).last == 1


def test_the_race_is_seen_when_the_guard_is_removed(database, area_id, monkeypatch):
    unguarded = numbering.raising
    monkeypatch.setattr(numbering, "raising", lambda year, _before: unguarded(year, None))
    numbers = together(database, area_id, number="2026-0001")
    assert numbers.count(None) < TOGETHER - 1
