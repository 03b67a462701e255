import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories.areas import NOW, make_area, make_chain, make_installation
from tests.factories.notices import CLERK, make_notice, make_plain
from voting.errors import NotFound
from voting.notices.rules import PlainPaper, read_facts
from voting.notices.service import (
    AlreadyIssued,
    NumberTaken,
    Wanted,
    find_notice,
    get_notice_in,
    issue,
    next_number,
    notices_in,
)
from voting.notices.service.numbering import Series, take_number


def facts(notice):
    return read_facts(PlainPaper, notice.facts)


def test_a_paper_in_words_bears_its_number_and_waits_to_be_printed(session, any_database):
    notice = make_plain(session, round_id="r1")
    assert (notice.number, notice.pdf_digest, notice.audience) == ("2026-0001", None, "public")
    assert facts(notice).number == "2026-0001"
    assert notice.title == facts(notice).title


def test_papers_of_the_desk_and_of_rehearsals_have_numbers_of_their_own(session, any_database):
    numbers = [
        make_plain(session, round_id="r1", audience="desk").number,
        make_plain(session, round_id="r2").number,
        make_plain(session, round_id="r3", rehearsal=True).number,
        make_plain(session, round_id="r4", audience="desk").number,
        make_plain(session, round_id="r5").number,
    ]
    assert numbers == ["内2026-0001", "2026-0001", "演2026-0001", "内2026-0002", "2026-0002"]
    assert next_number(session, now=NOW) == "2026-0003"


def test_a_rehearsal_never_speaks_to_the_public(session):
    assert make_plain(session, rehearsal=True, audience="public").audience == "desk"


def test_a_demonstration_says_so_on_every_paper(session):
    make_installation(session).demo = True
    session.flush()
    assert facts(make_plain(session)).demo


def test_a_paper_that_may_be_repeated_has_editions(session, any_database):
    made = [make_plain(session, round_id="r1", repeatable=True) for _ in range(3)]
    assert [notice.edition for notice in made] == [1, 2, 3]
    assert find_notice(session, "r1", "paused") is made[2]


def test_who_is_refused_leaves_no_gap_in_the_numbers(session, any_database):
    make_plain(session, round_id="r1")
    with pytest.raises(AlreadyIssued):
        make_plain(session, round_id="r1")
    assert make_plain(session, round_id="r2").number == "2026-0002"


def test_papers_about_no_round_are_never_taken_for_one_another(session, any_database):
    assert [make_plain(session).edition for _ in range(2)] == [1, 1]


def test_other_faults_of_the_database_are_not_called_a_paper_issued_twice(session, any_database):
    make_notice(session, number="2026-0001")
    # A counter that fell behind, as after a bad restore: the number is taken, the paper is not there.
    session.connection().exec_driver_sql("UPDATE notice_counter SET last = 0")
    with pytest.raises(IntegrityError):
        make_notice(session, round_id="r9", kind="vote")


def test_a_paper_of_the_desk_is_issued_without_a_pdf_by_the_plain_way_too(session):
    notice = issue(
        session, now=NOW, actor=CLERK, kind="x", title="记录", area_id=make_area(session).id,
        round_id=None, facts="{}", audience="desk",
    )  # fmt: skip
    assert (notice.number, notice.pdf_digest) == ("内2026-0001", None)


@pytest.mark.parametrize("series", list(Series))
def test_every_series_begins_with_one_in_every_year(session, series):
    assert take_number(session, 2026, series=series).endswith("2026-0001")
    assert take_number(session, 2027, series=series).endswith("2027-0001")


def test_the_list_is_narrowed_by_words_audience_and_round(session, any_database):
    area = make_area(session)
    call = make_plain(session, area=area, round_id="r1", title="征集100%公告")
    desk = make_plain(session, area=area, round_id="r2", audience="desk", title="送审稿")

    def found(**wanted):
        return notices_in(session, area, wanted=Wanted(**wanted)).notices

    assert found() == [desk, call] or found() == [call, desk]
    assert found(words="征集") == [call]
    assert found(words="0%") == [call]
    assert found(words="%") == [call]
    assert found(audience="desk") == [desk]
    assert found(round_id="r1") == [call]
    assert found(words="征集", audience="desk") == []


def test_a_paper_is_found_by_its_id_in_its_own_area_only(session):
    chain = make_chain(session)
    notice = make_plain(session, area=chain.community, audience="desk")
    assert get_notice_in(session, chain.street, notice.id) is notice
    for area, name in (
        (chain.estate, notice.id),
        (make_area(session), notice.id),
        (chain.street, notice.number),
    ):
        with pytest.raises(NotFound):
            get_notice_in(session, area, name)


def test_a_rehearsals_printed_number_is_taken_from_its_own_series(session, any_database):
    make_notice(session)
    assert next_number(session, now=NOW, series=Series.REHEARSAL) == "演2026-0001"
    notice = make_notice(session, number="演2026-0001", rehearsal=True)
    assert (notice.number, notice.audience) == ("演2026-0001", "desk")
    for number in ("演2026-0001", "2026-0002", "内2026-0002", "演2026-0003"):
        with pytest.raises(NumberTaken):
            make_notice(session, number=number, rehearsal=True)
