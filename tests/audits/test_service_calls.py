import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.factories.audits import (
    CLOSED,
    call_facts,
    make_marked_round,
    make_watched_round,
)
from tests.factories.ballots import NOW
from voting.audits.models import CallBack, CallDraw
from voting.audits.rules import Answers, call_order, call_seed
from voting.audits.service import (
    AlreadyDrawn,
    Answer,
    CountUnfit,
    NobodyMarked,
    NoCheckpointYet,
    NotCalling,
    Noted,
    NotedMeanwhile,
    NumberUnreadable,
    RollKeyMissing,
    answers_of,
    calls_of,
    draw_calls,
    note_answers,
    open_register,
)
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.ledger.models import LedgerNote
from voting.ledger.service import find_head, make_checkpoint, note_for_ledger
from voting.roll.models import Elector, Participation
from voting.roll.service.secrecy import roll_key, seal_phone, seal_room
from voting.rounds.service import MonitorUnfit


@pytest.fixture
def marked(session, keys):
    return make_marked_round(session, keys)


@pytest.fixture
def drawn(session, marked):
    return draw_calls(session, **call_facts(*marked))


def head_of(session, round):
    head = find_head(session, round.id)
    assert head is not None
    return head


def places(session):
    return list(session.scalars(select(CallBack.elector_id).order_by(CallBack.place)))


def note(session, draw, *answers, before=None):
    ids = session.scalars(select(CallBack.id).order_by(CallBack.place)).all()
    noted = {id: Noted(before, answer) for id, answer in zip(ids, answers, strict=False)}
    return note_answers(
        session, now=CLOSED, actor=COMMAND_LINE, round_id=draw.round_id, noted=noted
    )


def test_the_draw_follows_from_a_signed_root_and_a_public_number(
    session, marked, drawn, any_database
):
    round, _monitor = marked
    head = head_of(session, round)
    people = session.scalars(select(Participation.elector_id)).all()
    assert (drawn.root, drawn.size) == (head.root, head.size)
    assert drawn.seed == call_seed(head.root, "01234567")
    assert places(session) == call_order(drawn.seed, people)[:5]
    assert (drawn.marked, drawn.drawn) == (8, 5)
    notes = session.scalars(select(LedgerNote.body).where(LedgerNote.kind == "calls"))
    assert [json.loads(body) for body in notes] == [
        {"kind": "calls", "drawn": 5, "marked": 8, "seed": drawn.seed.hex()}
    ]


def test_a_later_root_changes_nothing(session, keys, marked):
    round, monitor = marked
    first = head_of(session, round)
    note_for_ledger(session, now=CLOSED, round_id=round.id, kind="sheets", set=2)
    later = make_checkpoint(session, now=CLOSED + timedelta(hours=1), keys=keys, round_id=round.id)
    assert later.size > first.size
    assert draw_calls(session, **call_facts(round, monitor)).root == first.root


def test_all_are_drawn_where_there_are_fewer(session, marked):
    draw = draw_calls(session, **call_facts(*marked, count=60))
    assert (draw.marked, draw.drawn) == (8, 8)


def test_there_is_one_draw_and_it_stands(session, marked, drawn, any_database):
    with pytest.raises(AlreadyDrawn):
        draw_calls(session, **call_facts(*marked, public_number="9999"))
    never = "a draw is never taken back"
    for statement in (
        delete(CallBack), delete(CallDraw), update(CallDraw).values(drawn=1),
        update(CallBack).values(elector_id="x"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=never), session.begin_nested():
            session.execute(statement)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"public_number": "12"}, NumberUnreadable),
        ({"public_number": "十二月"}, NumberUnreadable),
        ({"count": 0}, CountUnfit),
        ({"count": 501}, CountUnfit),
        ({"monitor_id": "nobody"}, MonitorUnfit),
        ({"actor": Actor("o", "某人", "elsewhere/")}, NotFound),
    ],
)
def test_what_does_not_fit_draws_nobody(session, marked, changes, refusal):
    with pytest.raises(refusal):
        draw_calls(session, **call_facts(*marked, **changes))
    assert places(session) == []


def test_nobody_is_drawn_without_a_signed_ledger_or_marks(session, keys):
    round, monitor = make_watched_round(session, keys)
    make_checkpoint(session, now=NOW, keys=keys, round_id=round.id)
    with pytest.raises(NoCheckpointYet):
        draw_calls(session, **call_facts(round, monitor))
    make_checkpoint(session, now=CLOSED, keys=keys, round_id=round.id)
    with pytest.raises(NobodyMarked):
        draw_calls(session, **call_facts(round, monitor))


@pytest.mark.parametrize(
    ("phase", "now"),
    [("voting", NOW), ("shortlisted", CLOSED), ("vote_void", CLOSED), ("archived", CLOSED)],
)
def test_nobody_is_called_back_during_the_vote_or_when_all_is_filed(session, keys, phase, now):
    round, monitor = make_watched_round(session, keys, phase=phase)
    with pytest.raises(NotCalling):
        draw_calls(session, **call_facts(round, monitor, now=now))


def test_the_register_alone_opens_rooms_and_telephones(session, keys, marked, drawn, any_database):
    round, _monitor = marked
    pepper = roll_key(keys, round)
    session.execute(
        update(Elector).values(
            room_sealed=seal_room(pepper, "2单元301"),
            phone_sealed=seal_phone(pepper, "0791-86500000"),
        )
    )
    people = open_register(session, now=CLOSED, actor=COMMAND_LINE, keys=keys, round_id=round.id)
    assert [one.place for one in people] == [1, 2, 3, 4, 5]
    assert {(one.room, one.phone) for one in people} == {("2单元301", "0791-86500000")}
    assert "301" not in repr(people)
    acts = session.scalars(select(JournalEntry).where(JournalEntry.act == "audits.print_calls"))
    assert ["301" in one.details for one in acts] == [False]


def test_without_the_key_of_the_roll_there_is_no_register(session, keys, marked, drawn):
    round, _monitor = marked
    sealed = seal_room(roll_key(keys, round), "301")
    session.execute(update(Elector).values(room_sealed=sealed))
    keys.forget_round(round.id)
    with pytest.raises(RollKeyMissing):
        open_register(session, now=CLOSED, actor=COMMAND_LINE, keys=keys, round_id=round.id)


def test_answers_are_noted_changed_and_counted(session, drawn, any_database):
    assert note(session, drawn, Answer.CONFIRMED, Answer.CONFIRMED, Answer.DENIED) == 3
    assert note(session, drawn, Answer.UNREACHED, before=Answer.CONFIRMED) == 1
    said = answers_of(session, drawn.round_id)
    assert said == Answers(drawn=5, confirmed=1, denied=1, unreached=1)
    assert said.open == 2
    assert note(session, drawn, None, before=Answer.UNREACHED) == 1
    assert answers_of(session, drawn.round_id).unreached == 0


def test_the_journal_keeps_counts_and_no_person(session, drawn):
    note(session, drawn, Answer.DENIED)
    [entry] = session.scalars(
        select(JournalEntry).where(JournalEntry.act == "audits.note_answers")
    ).all()
    assert json.loads(entry.details) == {"confirmed": 0, "count": 1, "denied": 1, "unreached": 0}
    assert not any(one in entry.details for one in places(session))


def test_an_answer_that_somebody_changed_meanwhile_is_not_overwritten(session, drawn, any_database):
    note(session, drawn, Answer.CONFIRMED)
    with pytest.raises(NotedMeanwhile) as meanwhile:
        note(session, drawn, Answer.DENIED, before=None)
    assert meanwhile.value.values["place"] == 1
    assert answers_of(session, drawn.round_id).confirmed == 1


def test_what_did_not_change_writes_nothing(session, drawn):
    assert note(session, drawn, None, None) == 0
    acts = session.scalars(select(JournalEntry.act)).all()
    assert "audits.note_answers" not in acts


def test_a_call_of_another_round_is_not_found(session, keys, drawn):
    other, monitor = make_marked_round(session, keys)
    draw = draw_calls(session, **call_facts(other, monitor))
    ours = session.scalars(select(CallBack.id).where(CallBack.round_id == drawn.round_id)).first()
    with pytest.raises(NotFound):
        note_answers(
            session, now=CLOSED, actor=COMMAND_LINE, round_id=draw.round_id,
            noted={ours: Noted(None, Answer.DENIED)},
        )  # fmt: skip
    stranger = Actor("o", "某人", "elsewhere/")
    with pytest.raises(NotFound):
        note_answers(session, now=CLOSED, actor=stranger, round_id=draw.round_id, noted={})


def test_the_list_is_paged_in_the_order_of_the_draw(session, keys):
    draw = draw_calls(session, **call_facts(*make_marked_round(session, keys, marked=45), count=45))
    shown = [calls_of(session, draw.round_id, page=page) for page in (1, 2, 3, 99)]
    assert [pages for _lines, pages in shown] == [3, 3, 3, 3]
    assert [lines[0].place for lines, _ in shown] == [1, 21, 41, 41]
    assert [len(lines) for lines, _ in shown] == [20, 20, 5, 5]


def test_a_roll_that_has_gone_leaves_the_answers(session, drawn, marked):
    session.execute(text("DELETE FROM participation"))
    session.execute(text("DELETE FROM elector"))
    note(session, drawn, Answer.CONFIRMED)
    lines, _pages = calls_of(session, drawn.round_id)
    assert {(line.name, line.building) for line in lines} == {("—", "—")}
