"""Paper of an outage: who took a ballot is marked once, and each ballot is keyed blind by two."""

import io
import os
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.rounds import make_round
from tests.factories.tally import make_openers
from tests.factories.upkeep import AFTER, DURING, make_announced, make_whole
from tests.visiting import submit, visit
from voting.adapters.jobs import perform
from voting.adapters.jobs import waiting as jobs_waiting
from voting.journal.rules import Actor
from voting.permissions import Role
from voting.roll.models import Channel, Participation
from voting.roll.service import mark_participation, register
from voting.rounds.models import Round
from voting.rounds.service import settle
from voting.tally.service import approve_opening, count
from voting.upkeep.holder.minutes import _forget_packs
from voting.upkeep.jobs import HANDLERS
from voting.upkeep.models import EmergencyBallot
from voting.upkeep.rules.lines import OddLines, TooManyLines, read_lines
from voting.upkeep.service.checking import check_everything
from voting.upkeep.service.emergency import (
    KeyingsDiffer,
    NoRightLeft,
    NotEntering,
    NothingKeyed,
    SameKeyer,
    SerialEntered,
    TooManyTicks,
    forget_keyings,
    give_up_keying,
    key_ballot,
    mark_lines,
    standing,
)
from voting.upkeep.service.packing import ballots_of, next_serial, pack_file
from voting.web.db import current_config

FIRST, SECOND = Actor("one", "李敏", ""), Actor("two", "周强", "")


@pytest.fixture
def round(session, keys, any_database):
    return make_announced(session, keys, electors=6)


def mark(session, keys, round, *numbers):
    return mark_lines(
        session, now=DURING, actor=FIRST, keys=keys, round_id=round.id, numbers=numbers
    )


def key(session, keys, round, actor, serial, *choices, now=DURING):
    return key_ballot(
        session, now=now, actor=actor, keys=keys, round_id=round.id, serial=serial, choices=choices
    )


@pytest.mark.parametrize(("typed", "numbers"), [
    ("3", [3]), ("3,7 12-15", [3, 7, 12, 13, 14, 15]), ("5、5；4。", None), ("2—3\n9", [2, 3, 9]),
])  # fmt: skip
def test_lines_are_read_as_they_are_typed(typed, numbers):
    if numbers is None:
        with pytest.raises(OddLines):
            read_lines(typed)
    else:
        assert read_lines(typed) == numbers


@pytest.mark.parametrize(("typed", "refusal"), [
    ("x", OddLines), ("5-3", OddLines), ("0", OddLines), ("1-999999", TooManyLines),
    ("1-400 500-700", TooManyLines),
])  # fmt: skip
def test_odd_lines_are_refused(typed, refusal):
    with pytest.raises(refusal):
        read_lines(typed)


def test_nobody_is_marked_twice_and_whoever_was_is_named(session, keys, round):
    people = register(session, keys=keys, round_id=round.id)
    mark_participation(
        session, round_id=round.id, elector_id=people[1].elector_id, channel=Channel.CARD_HANDED,
        day=DURING.date(),
    )  # fmt: skip
    made = mark(session, keys, round, 1, 2, 3, 7)
    assert (made.marked, made.used, made.unknown) == (2, [2], [7])
    assert mark(session, keys, round, 1, 3).used == [1, 3]
    channels = session.scalars(select(Participation.channel)).all()
    assert sorted(channels) == ["card_handed", "paper_handed", "paper_handed"]


def test_two_who_agree_put_a_ballot_into_the_urn_and_it_is_counted(session, keys, round):
    mark(session, keys, round, 1, 2)
    assert not key(session, keys, round, FIRST, 17, 2, 1)
    assert key(session, keys, round, SECOND, 17, 1, 2)
    assert session.scalars(select(EmergencyBallot.digest)).one() == b""
    key(session, keys, round, SECOND, 4)
    assert key(session, keys, round, FIRST, 4, now=AFTER)
    assert standing(session, round.id).entered == 2
    # Keyed once and never again: nobody can confirm it once the urn is open.
    key(session, keys, round, FIRST, 30, 1, now=AFTER)
    settle(session, now=AFTER)
    forget_keyings(session)
    assert standing(session, round.id).waiting == [30]
    for officer in make_openers(session, round.area):
        approve_opening(session, now=AFTER, officer_id=officer.id, round_id=round.id)
    tally = count(session, now=AFTER, keys=keys, round_id=round.id)
    assert (tally.ballots, tally.blank) == (2, 1)
    assert '"paper":2' in tally.outcome.replace(" ", "")
    forget_keyings(session)
    assert set(session.scalars(select(EmergencyBallot.serial))) == {4, 17}
    with pytest.raises(NotEntering):
        key(session, keys, round, FIRST, 5, 1, now=AFTER)


def test_what_does_not_agree_stays_out(session, keys, round):
    mark(session, keys, round, 1, 2)
    key(session, keys, round, FIRST, 17, 1)
    with pytest.raises(SameKeyer):
        key(session, keys, round, FIRST, 17, 1)
    with pytest.raises(KeyingsDiffer):
        key(session, keys, round, SECOND, 17, 2)
    assert standing(session, round.id).waiting == [17]
    give_up_keying(session, now=DURING, actor=SECOND, round_id=round.id, serial=17)
    key(session, keys, round, SECOND, 17, 2)
    assert key(session, keys, round, FIRST, 17, 2)
    with pytest.raises(SerialEntered):
        key(session, keys, round, FIRST, 17, 2)
    with pytest.raises(NothingKeyed):
        give_up_keying(session, now=DURING, actor=SECOND, round_id=round.id, serial=17)
    with pytest.raises(TooManyTicks):
        key(session, keys, round, FIRST, 18, 1, 2, 3)


def test_there_are_no_more_ballots_than_people_who_took_one(session, keys, round):
    mark(session, keys, round, 1)
    for serial in (1, 2):
        key(session, keys, round, FIRST, serial, 1)
    assert key(session, keys, round, SECOND, 1, 1)
    with pytest.raises(NoRightLeft), session.begin_nested():
        key(session, keys, round, SECOND, 2, 1)
    assert standing(session, round.id).entered == 1


def test_what_was_keyed_once_stands_nowhere_in_clear(session, keys, round):
    key(session, keys, round, FIRST, 1, 1)
    key(session, keys, round, FIRST, 2, 1)
    one, two = session.scalars(select(EmergencyBallot)).all()
    assert len(one.digest) == 32
    assert one.digest != two.digest


def test_paper_and_cards_together_hold_in_the_check(database, keys):
    with database.transaction() as session:
        whole = make_whole(session, keys, ballots=21, more=0, counted=False)
        round = session.get_one(Round, whole.round_id)
        assert mark(session, keys, round, 1).used == [1]
        key(session, keys, round, FIRST, 1, 1)
        with pytest.raises(NoRightLeft), session.begin_nested():
            key(session, keys, round, SECOND, 1, 1)
    assert check_everything(database.reading) == []


@pytest.fixture
def desk(client, clock, database, keys):
    """Two workers, and a round whose vote is on."""
    clock.now = DURING
    with database.transaction() as session:
        round = make_announced(session, keys, electors=6)
        officers = [
            make_officer(session, area=round.area, role=Role.COMMUNITY_WORKER, name=name)
            for name in ("李敏", "周强")
        ]
        round_id = round.id
    return round_id, officers


def test_the_desk_marks_and_keys(client, database, desk):
    round_id, (one, two) = desk
    path = f"/desk/rounds/{round_id}/emergency"
    sit_down(client, database, one, now=DURING)
    refused = submit(client, visit(client, path), f"{path}/marks", lines="一号")
    assert refused.status_code == 422
    assert "一号" in refused.get_data(as_text=True)
    assert submit(client, visit(client, path), f"{path}/marks", lines="1-2 99").status_code == 303
    page = visit(client, path)
    assert "登记了 2 人领纸质票" in page.text
    assert "99" in page.text
    ballot = {"serial": "12", "choices": ["1", "2"]}
    assert submit(client, page, f"{path}/ballots", **ballot).status_code == 303
    again = submit(client, visit(client, path), f"{path}/ballots", **ballot)
    assert again.status_code == 422
    sit_down(client, database, two, now=DURING)
    assert submit(client, visit(client, path), f"{path}/ballots", **ballot).status_code == 303
    assert "已录进票箱 1 张" in visit(client, path).text
    wrong = submit(client, visit(client, path), f"{path}/ballots", serial="13", choices=["3"])
    assert wrong.status_code == 303
    page = visit(client, path)
    assert submit(client, page, f"{path}/ballots/give-up", given_up="13").status_code == 303
    assert "等第二遍的票" not in visit(client, path).text


def test_the_pack_holds_register_forms_and_numbered_ballots(app, database, keys, tmp_path):
    with database.transaction() as session:
        round_id = make_announced(session, keys, electors=30).id
    file = tmp_path / "pack.pdf"
    done = app.test_cli_runner().invoke(
        args=["upkeep", "pack", round_id, str(file), "--ballots", "3"]
    )
    assert done.exit_code == 0, done.output
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages]
    assert len(pages) == 2 + 2 + 3
    assert "停电断网时怎么办" in pages[0]
    assert [text.count("张*") for text in pages[2:4]] == [26, 4]
    assert all(f"No.00000{number}" in text for number, text in enumerate(pages[4:], 1))
    assert all("项目3" in text for text in pages[4:])


def test_the_desk_orders_the_pack_takes_it_and_it_is_gone_a_day_later(
    app, client, database, desk, clock
):
    round_id, (one, _two) = desk
    path = f"/desk/rounds/{round_id}/emergency"
    sit_down(client, database, one, now=DURING)
    assert client.get(f"{path}/pack.pdf").status_code == 404
    assert submit(client, visit(client, path), f"{path}/pack").status_code == 303
    waiting = client.get(path)
    assert waiting.headers["Refresh"] == "3"
    assert "正在排版" in waiting.get_data(as_text=True)
    with app.app_context():
        (job,) = jobs_waiting(database)
        assert perform(database, HANDLERS, job, clock=lambda: DURING)
        made = pack_file(current_config().var, round_id)
        assert made.stat().st_mode & 0o077 == 0
    with database.reading() as session:
        assert next_serial(session, round_id) == 21
    assert "下载应急包" in visit(client, path).text
    with client.get(f"{path}/pack.pdf") as answer:
        assert answer.mimetype == "application/pdf"
        assert len(PdfReader(io.BytesIO(answer.data)).pages) >= 2 + 1 + 20
    os.utime(made, (DURING.timestamp(), (DURING - timedelta(days=2)).timestamp()))
    with app.app_context():
        _forget_packs()
    assert not made.exists()


def test_a_round_that_is_not_announced_has_no_pack(client, database, keys):
    with database.transaction() as session:
        round = make_round(session, phase="shortlisted")
        (officer,) = make_openers(session, round.area, 1)
        round_id = round.id
    sit_down(client, database, officer)
    path = f"/desk/rounds/{round_id}/emergency"
    refused = submit(client, visit(client, path), f"{path}/pack")
    assert refused.status_code == 409
    assert "不能打印应急包" in refused.get_data(as_text=True)


@pytest.mark.parametrize(("listed", "ballots"), [(0, 20), (100, 20), (101, 21), (9999, 500)])
def test_a_pack_holds_ballots_for_a_fifth_of_the_roll(listed, ballots):
    assert ballots_of(listed) == ballots
