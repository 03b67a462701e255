import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.roll import (
    HEADER,
    NOW,
    Cells,
    csv_file,
    identity_number,
    make_round,
    person,
    rows,
    sheet,
    xlsx,
)
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, unlock_field
from voting.adapters.spreadsheets import read_table
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.persistence.session import Database
from voting.roll.models import Elector, RollImport
from voting.roll.rules.columns import RollEmpty
from voting.roll.service import (
    ImportReport,
    NameDiffers,
    RollFrozen,
    faults_of,
    get_import,
    import_roll,
    roll_counts,
)
from voting.rounds.service import RoundOver


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


def bring_in(
    session: Session,
    keys: Keyring,
    round_id: str,
    people: Sequence[Cells],
    *,
    checked: bool = False,
) -> ImportReport:
    return import_roll(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        keys=keys,
        round_id=round_id,
        rows=list(rows(sheet(people))),
        file_name="南烟.xlsx",
        old_ages_checked=checked,
    )


def electors(session: Session, round_id: str) -> list[Elector]:
    return list(session.scalars(select(Elector).where(Elector.round_id == round_id)))


def test_a_person_is_kept_as_keyed_hashes_masks_and_sealed_fields(
    session: Session, keys: Keyring
) -> None:
    round = make_round(session)
    cells = person(0)
    bring_in(session, keys, round.id, [cells])
    (elector,) = electors(session, round.id)
    pepper = keys.pepper(round.id)
    number = str(cells[1])
    assert elector.id_key == keyed_hash(pepper, "identity number", round.id, number)
    assert elector.name_key == keyed_hash(pepper, "name", round.id, "王一一")
    assert (elector.name_masked, elector.id_masked) == ("王*", f"3699**********{number[-4:]}")
    assert (elector.building, elector.basis, elector.id_kind) == ("1栋", "live", "resident")
    assert elector.age_band == "70+"
    assert unlock_field(pepper, "roll room", elector.room_sealed or b"") == "1单元101"
    assert unlock_field(pepper, "roll phone", elector.phone_sealed or b"") == "13800000000"


def test_without_room_and_telephone_nothing_is_sealed(session: Session, keys: Keyring) -> None:
    round = make_round(session)
    bring_in(session, keys, round.id, [[*person(0)[:2], "工作", "", ""]])
    (elector,) = electors(session, round.id)
    assert (elector.room_sealed, elector.phone_sealed, elector.building) == (None, None, "")


def test_two_rounds_share_no_hash_of_the_same_person(session: Session, keys: Keyring) -> None:
    first, second = make_round(session), make_round(session)
    for round in (first, second):
        bring_in(session, keys, round.id, [person(0)])
    kept = electors(session, first.id) + electors(session, second.id)
    assert len({elector.id_key for elector in kept} | {elector.name_key for elector in kept}) == 4


@pytest.mark.usefixtures("any_database")
def test_a_file_may_be_sent_again_without_harm(session: Session, keys: Keyring) -> None:
    round = make_round(session)
    first = bring_in(session, keys, round.id, [person(0), person(1), person(1)])
    again = bring_in(session, keys, round.id, [person(0), person(1), person(2)])
    assert (first.accepted, first.duplicates, first.rejected) == (2, 1, 0)
    assert (again.accepted, again.duplicates, again.rejected) == (1, 2, 0)
    assert roll_counts(session, round.id).listed == 3


@pytest.mark.usefixtures("any_database")
def test_a_number_that_is_listed_under_another_name_is_reported(
    session: Session, keys: Keyring
) -> None:
    round = make_round(session)
    bring_in(session, keys, round.id, [person(0)])
    report = bring_in(session, keys, round.id, [person(1), ["李四五", *person(0)[1:]]])
    assert [(fault.row, fault.column) for fault in report.faults] == [(3, "姓名")]
    assert isinstance(report.faults[0].refusal, NameDiffers)
    assert (report.accepted, report.duplicates, report.rejected) == (1, 0, 1)


def test_what_became_of_a_file_is_kept_and_journalled_without_personal_data(
    session: Session, keys: Keyring
) -> None:
    round = make_round(session)
    bad = ["王1", *person(1)[1:]]
    report = bring_in(session, keys, round.id, [person(0), bad, person(0)])
    kept = get_import(session, round.id, report.import_id)
    assert (kept.accepted, kept.duplicates, kept.rejected) == (1, 1, 1)
    assert (kept.file_name, kept.by) == ("南烟.xlsx", "command-line")
    assert [(line.row, line.column, line.remark) for line in faults_of(kept)] == [
        (3, "姓名", False), (4, "证件号码", True),
    ]  # fmt: skip
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.object_id) == ("roll.import", kept.id)
    assert json.loads(entry.details) == {
        "accepted": 1, "duplicates": 1, "rejected": 1, "round_id": round.id,
    }  # fmt: skip
    for secret in (str(person(1)[1]), str(person(0)[1]), "王"):
        assert secret not in kept.report + entry.details


@pytest.mark.usefixtures("any_database")
def test_an_import_of_another_round_is_not_found(session: Session, keys: Keyring) -> None:
    first, second = make_round(session), make_round(session)
    report = bring_in(session, keys, first.id, [person(0)])
    for round_id, import_id in ((second.id, report.import_id), (first.id, "\0"), (first.id, "")):
        with pytest.raises(NotFound):
            get_import(session, round_id, import_id)


def test_a_frozen_round_takes_nobody(session: Session, keys: Keyring) -> None:
    round = make_round(session, frozen=True)
    with pytest.raises(RollFrozen):
        bring_in(session, keys, round.id, [person(0)])
    assert electors(session, round.id) == []


def test_a_round_that_was_ended_takes_nobody(session: Session, keys: Keyring) -> None:
    round = make_round(session, phase="terminated")
    with pytest.raises(RoundOver):
        bring_in(session, keys, round.id, [person(0)])


def test_a_round_of_another_area_and_one_that_is_not_there_look_alike(
    session: Session, keys: Keyring
) -> None:
    round, other = make_round(session), make_round(session)
    stranger = Actor(id="x", name="x", area_path=other.area.path)
    for round_id in (round.id, "nothing"):
        with pytest.raises(NotFound):
            import_roll(
                session, now=NOW, actor=stranger, keys=keys, round_id=round_id, rows=[(1, HEADER)]
            )


def test_an_empty_sheet_leaves_no_trace(session: Session, keys: Keyring) -> None:
    round = make_round(session)
    with pytest.raises(RollEmpty):
        import_roll(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round.id, rows=[(1, HEADER)]
        )
    assert session.scalar(select(RollImport)) is None


def test_ages_above_105_are_listed_once_they_were_checked(session: Session, keys: Keyring) -> None:
    round = make_round(session)
    old = [person(0)[0], identity_number(date(1918, 1, 1)), *person(0)[2:]]
    assert bring_in(session, keys, round.id, [old]).rejected == 1
    assert bring_in(session, keys, round.id, [old], checked=True).accepted == 1


def test_a_birth_date_after_today_is_refused_even_before_the_reference_day(
    session: Session, keys: Keyring
) -> None:
    round = make_round(session, min_age=0)
    born_tomorrow = [person(0)[0], identity_number(date(2026, 11, 24)), *person(0)[2:]]
    report = bring_in(session, keys, round.id, [born_tomorrow])
    assert "还没有到" in str(report.faults[0].refusal)


def community() -> tuple[list[Cells], dict[int, str]]:
    """3,110 rows as a community keeps them, and the row and column of each fault in them."""
    people: list[list[object]] = [person(index) for index in range(3110)]
    faults: dict[int, str] = {}

    def spoil(index: int, place: int, value: object) -> None:
        people[index][place] = value
        faults[index + 2] = str(HEADER[place])

    spoil(10, 1, "360103850101001")
    spoil(20, 1, "369999195002300017")
    spoil(30, 1, str(people[30][1])[:-1])
    spoil(40, 1, identity_number(date(2011, 12, 1)))
    spoil(50, 1, identity_number(date(1910, 1, 1)))
    spoil(60, 1, "")
    spoil(70, 0, "")
    spoil(80, 0, "王一2")
    spoil(90, 2, "户籍")
    spoil(100, 3, "")
    spoil(110, 4, "12345")
    spoil(120, 1, "369999195002300***")
    for index in (1000, 1001, 1002):
        people[index] = list(people[index - 500])
    people[2000][:2] = ["赵六", people[1999][1]]
    faults |= {2001: "姓名", 2002: "姓名"}
    return [HEADER, *people], faults


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(xlsx, id="xlsx"),
        pytest.param(csv_file, id="utf-8"),
        pytest.param(lambda cells: csv_file(cells, encoding="gb18030"), id="gb18030"),
    ],
)
def test_the_roll_of_a_community_is_read_in_seconds_and_every_seeded_fault_is_named(
    database: Database, any_database: str, keys: Keyring, write: Callable[[list[Cells]], bytes]
) -> None:
    cells, faults = community()
    content = write(cells)
    with database.transaction() as session:
        round_id = make_round(session).id
    table = read_table(content)
    with database.transaction() as session:
        report = import_roll(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round_id, rows=table
        )
    assert {fault.row: fault.column for fault in report.faults} == faults
    assert report.rejected == len(faults)
    assert report.duplicates == 3
    assert report.accepted == 3110 - len(faults) - 3
    with database.reading() as session:
        assert roll_counts(session, round_id).listed == report.accepted
        bases = Counter(session.scalars(select(Elector.basis)))
    assert bases == {"live": report.accepted}
