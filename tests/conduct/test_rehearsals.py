from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary, func, select, update
from sqlalchemy.exc import DBAPIError

from tests.conduct.conftest import ready_round
from tests.conduct.planting import plant
from tests.factories.accounts import make_officer
from tests.factories.areas import NOW, make_chain
from tests.factories.rounds import make_plan, make_round
from voting import schema
from voting.adapters.storage import FileStore
from voting.conduct.service.belongings import file_columns, owned_tables
from voting.conduct.service.rehearsals import (
    NotARehearsal,
    RepeatedByAnother,
    clear_remains,
    delete_rehearsal,
)
from voting.conduct.service.rehearsing import fill_roll, rehearse
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.permissions import Role
from voting.persistence.jobs import Job
from voting.proposals.models import CandidateSource
from voting.proposals.service import candidates_of
from voting.roll.models import Elector
from voting.roll.service.shelf import Shelf
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.service import public_rounds

HOUR = timedelta(hours=1)


def _rows(session, table):
    return session.scalar(select(func.count()).select_from(table))


def _planted(session, digest="0" * 64, **facts):
    """Make a frozen round with a row in every table."""
    officer = make_officer(session)
    round = make_round(session, **facts)
    round.draw_way = "public"
    session.flush()
    rows = plant(session, round, digest=digest, officer_id=officer.id)
    round.frozen_at, round.config, round.config_hash = NOW, "{}", b"hash"
    session.flush()
    return round, rows


def _delete(session, round, actor=COMMAND_LINE):
    return delete_rehearsal(session, now=NOW, actor=actor, round_id=round.id)


def _mentions(session, round_id, ids):
    """Return where a column of any table but the journal still holds the round or something of it."""
    wanted = {round_id, *ids}
    found = []
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if table.name != "journal_entry" and not isinstance(column.type, LargeBinary):
                values = {str(value) for value in session.scalars(select(column))}
                found += [f"{table.name}.{column.name}"] if values & wanted else []
    return found


@pytest.mark.usefixtures("any_database")
def test_nothing_refers_to_a_rehearsal_after_its_deletion(session):
    kept, _rows_kept = _planted(session)
    round, planted = _planted(session, digest="f" * 64, kind="rehearsal")
    before = {table.name: _rows(session, table) for table in owned_tables()}
    # Whoever collects for somebody is somebody else: two people are planted.
    each = dict.fromkeys(before, 1) | {"elector": 2}
    assert all(before[name] == 2 * each[name] for name in before if name != "round_officer")
    ids = {row["id"] for name, row in planted.items() if "id" in row and name not in _SHARED}
    remains = _delete(session, round)
    assert remains.digests == {"f" * 64}
    assert remains.batch_ids == [planted["card_batch"]["id"]]
    assert remains.upload_ids == [planted["roll_upload"]["id"]]
    assert _mentions(session, remains.round_id, ids | {"f" * 64}) == []
    assert {table.name: _rows(session, table) for table in owned_tables()} == each
    assert session.get(Round, kept.id) is not None
    assert _rows(session, Job.__table__) == 1
    acts = session.scalars(select(JournalEntry).where(JournalEntry.act == "round.delete_rehearsal"))
    assert [entry.object_id for entry in acts] == [remains.round_id]


_SHARED = {"area", "officer"}


def test_every_table_with_a_round_in_it_is_known():
    owned = {table.name for table in owned_tables()}
    assert owned >= {"urn", "notice", "appeal", "proposal_photo", "milestone", "participation"}
    others = {table.name for table in schema.metadata.sorted_tables} - owned
    # A table that is added later and belongs to no round is entered here by hand.
    assert others == {
        "area", "area_former_name", "check_run", "heartbeat", "holiday", "installation", "job",
        "journal_entry", "notice_counter", "officer", "officer_session", "round",
    }  # fmt: skip


def test_every_column_that_names_a_file_is_known():
    named = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if any(part in column.name for part in ("digest", "picture", "photo", "pdf", "file"))
        and not isinstance(column.type, LargeBinary)
        and not column.name.endswith("file_name")
    }
    found = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in file_columns(table)
    }
    assert found - {("job", "result")} == named


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize("phase", ["draft", "voting", "terminated"])
def test_a_real_round_is_never_deleted(session, phase):
    round = make_round(session, phase=phase)
    with pytest.raises(NotARehearsal):
        _delete(session, round)
    # The database is asked, not what the program holds in its hands.
    session.expunge(round)
    round.kind = "rehearsal"
    with pytest.raises(NotARehearsal):
        _delete(session, round)
    assert session.get(Round, round.id) is not None


@pytest.mark.usefixtures("any_database")
def test_a_frozen_round_cannot_be_called_a_rehearsal(session):
    round = make_round(session, phase="vote_announced")
    session.commit()
    with pytest.raises(DBAPIError, match="the rules are frozen"):
        session.execute(update(Round).where(Round.id == round.id).values(kind="rehearsal"))
    session.rollback()
    with pytest.raises(NotARehearsal):
        _delete(session, round)


def test_a_rehearsal_of_another_area_is_not_found(session):
    round = make_round(session, kind="rehearsal")
    stranger = Actor("o", "别区", make_chain(session).street.path)
    with pytest.raises(NotFound):
        _delete(session, round, actor=stranger)
    with pytest.raises(NotFound):
        _delete(session, Round(id="nowhere"))


def test_a_rehearsal_that_was_held_again_goes_after_its_repetition(session):
    round = make_round(session, kind="rehearsal")
    again = make_round(session, area=round.area, kind="rehearsal", plan=make_plan(title="再投一次"))
    again.repeats_id = again.roll_source_id = round.id
    session.flush()
    with pytest.raises(RepeatedByAnother, match="再投一次"):
        _delete(session, round)
    _delete(session, again)
    _delete(session, round)


def test_keys_and_files_that_nobody_else_uses_go_too(session, keys, tmp_path):
    files, shelf = FileStore(tmp_path / "files"), Shelf(tmp_path, keys)
    own, shared = files.put(b"own"), files.put(b"shared")
    round, planted = _planted(session, digest=own, kind="rehearsal")
    other, _kept = _planted(session, digest=shared)
    keys.make_seal_key(round.id)
    keys.pepper(round.id)
    keys.make_batch_seed(planted["card_batch"]["id"])
    shelf.put(round.id, planted["roll_upload"]["id"], b"sheet")
    keys.make_seal_key(other.id)
    remains = _delete(session, round)
    for _twice in range(2):
        clear_remains(session, keys=keys, files=files, shelf=shelf, remains=remains)
    assert not files.path(own).exists()
    assert files.path(shared).exists()
    left = [path.name for path in (tmp_path / "var" / "secrets").rglob("*") if path.is_file()]
    assert left == ["seal.key"]
    assert list((tmp_path / "rolls").iterdir()) == []


def test_a_file_that_somebody_else_uses_stays(session, keys, tmp_path):
    files = FileStore(tmp_path / "files")
    digest = files.put(b"picture of both")
    round, _ = _planted(session, digest=digest, kind="rehearsal")
    _planted(session, digest=digest)
    remains = _delete(session, round)
    clear_remains(session, keys=keys, files=files, shelf=Shelf(tmp_path, keys), remains=remains)
    assert files.path(digest).exists()


def _rehearse(session, round):
    return rehearse(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        round_id=round.id,
        opens_at=NOW + HOUR,
        closes_at=NOW + 30 * HOUR,
    )


def test_a_rehearsal_copies_plan_and_list_and_invents_nothing(session, keys):
    source = ready_round(session, keys, candidates=3)
    officer = make_officer(session, area=source.area, role=Role.STREET_OFFICER)
    session.add(RoundOfficer(round_id=source.id, officer_id=officer.id))
    made = _rehearse(session, source)
    assert (made.kind, made.phase, made.title) == (
        "rehearsal",
        "shortlisted",
        f"【演练】{source.title}",
    )
    assert (made.budget, made.office_address) == (source.budget, source.office_address)
    assert (made.opens_at, made.reference_day) == (NOW + HOUR, date(2026, 11, 24))
    copied, listed = candidates_of(session, made.id), candidates_of(session, source.id)
    assert [(one.title, one.cost, one.ballot_number) for one in copied] == [
        (one.title, one.cost, one.ballot_number) for one in listed
    ]
    sources = select(CandidateSource).where(
        CandidateSource.candidate_id.in_([one.id for one in copied])
    )
    assert session.scalars(sources).all() == []
    assert session.scalars(select(Elector).where(Elector.round_id == made.id)).all() == []
    officers = select(RoundOfficer.officer_id).where(RoundOfficer.round_id == made.id)
    assert session.scalars(officers).all() == [officer.id]
    assert public_rounds(session, now=NOW, search="演练") == []


def test_without_a_list_a_rehearsal_begins_as_a_draft(session):
    assert _rehearse(session, make_round(session, phase="collecting")).phase == "draft"


def test_twenty_invented_people_come_on_its_roll_and_on_no_other(session, keys):
    source = ready_round(session, keys, electors=0)
    made = _rehearse(session, source)
    for accepted in (20, 0):
        report = fill_roll(session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=made.id)
        assert (report.accepted, report.rejected) == (accepted, 0)
    electors = session.scalars(select(Elector).where(Elector.round_id == made.id)).all()
    assert {elector.name_masked[0] for elector in electors} == {"演"}
    assert len({elector.id_key for elector in electors}) == 20
    with pytest.raises(NotARehearsal):
        fill_roll(session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=source.id)
