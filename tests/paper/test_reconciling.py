"""The sheet: what it blocks, who signs it, and that one missing paper is found with batch and worker."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, make_listed_elector
from tests.factories.keying import key, make_boxes
from tests.factories.reconciling import (
    hand_out_papers,
    make_reconciled_boxes,
    serials_of_first,
    sign_sheet,
)
from tests.factories.tally import make_closed_round, open_by_two
from voting.errors import NotFound
from voting.paper.models import PaperBundle, PaperForeign, Reconciliation
from voting.paper.rules.sheet import differences
from voting.paper.rules.sheet_words import line_words
from voting.paper.service.reconciling import (
    ExplanationMissing,
    FiguresMoved,
    MorePaperReturned,
    NoSheetNeeded,
    NotReconciling,
    PaperNotReconciled,
    SameSigner,
    SheetChanged,
    SheetNotReady,
    SheetSigned,
    SignedMeanwhile,
    require_reconciled,
    second_signature,
    sign_first,
    sign_second,
    signed_sheet,
    standing_sheet,
    withdraw_signature,
)
from voting.paper.service.settling import recount_bundle
from voting.persistence.base import new_id
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.tally.models import UrnOpening
from voting.tally.service import count


def first(session, boxes, who=0, *, explanation="", seen="", now=NOW):
    seen = seen or standing_sheet(session, boxes.round.id).digest
    return sign_first(
        session, now=now, actor=boxes.actors[who], round_id=boxes.round.id, seen=seen,
        explanation=explanation,
    )  # fmt: skip


def second(session, boxes, who=1, *, seen=""):
    seen = seen or standing_sheet(session, boxes.round.id).digest
    return sign_second(
        session, now=NOW, actor=boxes.actors[who], round_id=boxes.round.id, seen=seen
    )


def said(session, boxes):
    lines = differences(standing_sheet(session, boxes.round.id).sheet)
    return [msgid % values for msgid, values in map(line_words, lines)]


def move_a_figure(session, boxes):
    elector = make_listed_elector(session, boxes.round.id)
    mark_participation(
        session, round_id=boxes.round.id, elector_id=elector, channel=Channel.POSTER, day=NOW.date()
    )


@pytest.fixture
def boxes(session, keys, any_database):
    return make_reconciled_boxes(session, keys)


def test_a_round_that_adds_up_is_signed_by_two_and_opens(session, keys, boxes):
    with pytest.raises(PaperNotReconciled):
        require_reconciled(session, boxes.round.id)
    first(session, boxes)
    with pytest.raises(PaperNotReconciled):
        require_reconciled(session, boxes.round.id)
    signed = second(session, boxes)
    assert (signed.outcome, signed.explanation) == ("adds_up", "")
    open_by_two(session, boxes.round)
    tally = count(session, now=NOW, keys=keys, round_id=boxes.round.id)
    assert tally.ballots == 3


def test_one_missing_paper_blocks_the_opening_and_is_named(session, keys, any_database):
    boxes = make_reconciled_boxes(session, keys, lost=1)
    assert said(session, boxes) == ["第 1 批第 1 本（保管人李敏）少 1 张"]
    with pytest.raises(PaperNotReconciled):
        open_by_two(session, boxes.round)
    with pytest.raises(IntegrityError, match="not been reconciled"), session.begin_nested():
        session.execute(
            insert(UrnOpening).values(
                round_id=boxes.round.id, first_officer=boxes.officers[0].id, first_at=NOW
            )
        )
    with pytest.raises(ExplanationMissing):
        first(session, boxes, explanation="  ")
    sign_sheet(session, boxes, explanation="找过，确实丢了，已报街道。")
    open_by_two(session, boxes.round)
    count(session, now=NOW, keys=keys, round_id=boxes.round.id)


def test_who_agreed_before_papers_were_made_does_not_let_another_confirm(session, boxes):
    session.execute(text("DROP TRIGGER urn_opening_reconciled" + _on(session)))
    row = {"round_id": boxes.round.id, "first_officer": boxes.officers[0].id, "first_at": NOW}
    session.execute(insert(UrnOpening).values(row))
    with pytest.raises(IntegrityError, match="not been reconciled"), session.begin_nested():
        session.execute(
            update(UrnOpening).values(second_officer=boxes.officers[1].id, second_at=NOW)
        )


def _on(session, table="urn_opening"):
    return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_a_round_without_paper_needs_no_sheet(session, keys, any_database):
    round = make_closed_round(session, keys)
    require_reconciled(session, round.id)
    open_by_two(session, round)
    worker = make_officer(session, area=round.area)
    with pytest.raises(NoSheetNeeded):
        sign_first(session, now=NOW, actor=worker.actor, round_id=round.id, seen="", explanation="")


def test_the_first_officer_is_not_the_second(session, boxes):
    first(session, boxes)
    with pytest.raises(SameSigner):
        second(session, boxes, who=0)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            update(Reconciliation).values(second_by=Reconciliation.first_by, second_at=NOW)
        )


def test_the_second_signs_only_the_same_figures_and_hears_what_changed(session, boxes):
    first(session, boxes)
    move_a_figure(session, boxes)
    standing = standing_sheet(session, boxes.round.id)
    assert [(one.name, one.before, one.after) for one in standing.changed] == [
        ("poster_marks", 0, 1)
    ]
    with pytest.raises(SheetChanged):
        second(session, boxes)
    # A second row can never be signed for other figures, whatever a program believes.
    other = second_signature(boxes.round.id, boxes.officers[1].id, "{}", NOW)
    assert session.execute(other).rowcount == 0
    first(session, boxes, who=1, explanation="刚发现一张海报码记录。")
    assert second(session, boxes, who=0).outcome == "explained"


def test_figures_the_officer_did_not_see_are_not_signed(session, boxes):
    seen = standing_sheet(session, boxes.round.id).digest
    move_a_figure(session, boxes)
    with pytest.raises(FiguresMoved):
        first(session, boxes, seen=seen)


def test_of_two_who_sign_first_the_other_is_told_to_be_the_second(session, boxes):
    first(session, boxes)
    with pytest.raises(SignedMeanwhile):
        first(session, boxes, who=1)
    first(session, boxes)
    withdraw_signature(session, now=NOW, actor=boxes.actors[1], round_id=boxes.round.id)
    first(session, boxes, who=1)


def test_what_two_have_signed_stands(session, boxes):
    sign_sheet(session, boxes)
    sheet = signed_sheet(session, boxes.round.id)
    for act in (first, second):
        with pytest.raises(SheetSigned):
            act(session, boxes)
    with pytest.raises(SheetSigned):
        withdraw_signature(session, now=NOW, actor=boxes.actors[0], round_id=boxes.round.id)
    elector = make_listed_elector(session, boxes.round.id)
    for moves in (
        lambda: session.execute(update(PaperBundle).values(holder_id=None, handed=0)),
        lambda: mark_participation(
            session, round_id=boxes.round.id, elector_id=elector, channel=Channel.POSTER,
            day=NOW.date(),
        ),
        lambda: session.execute(update(Reconciliation).values(outcome="more_returned")),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), session.begin_nested():
            moves()
    assert signed_sheet(session, boxes.round.id) == sheet


def keyed_once(session, keys, boxes):
    key(session, keys, boxes, 0, serials_of_first(session, boxes)[3], "1")


def unsettled(session, keys, boxes):
    bundle = session.scalars(select(PaperBundle)).first()
    recount_bundle(
        session, now=NOW, actor=boxes.actors[0], round=boxes.round, batch_id=bundle.batch_id,
        number=bundle.number,
    )  # fmt: skip


def foreign_once(session, keys, boxes):
    session.add(
        PaperForeign(id=new_id(), round_id=boxes.round.id, sign="白纸", first_by="a", first_at=NOW)
    )
    session.flush()


def unanswered(session, keys, boxes):
    elector = make_listed_elector(session, boxes.round.id)
    session.execute(
        text(
            "INSERT INTO late_conflict (id, round_id, elector_id, medium, used_by, day, entered_by) "
            "VALUES ('c', :round, :elector, 'paper', 'card_cast', :day, 'x')"
        ),
        {"round": boxes.round.id, "elector": elector, "day": NOW.date().isoformat()},
    )


@pytest.mark.parametrize("waits", [keyed_once, unsettled, foreign_once, unanswered])
def test_what_waits_is_done_before_anybody_signs(session, keys, waits):
    boxes = make_reconciled_boxes(session, keys)
    waits(session, keys, boxes)
    with pytest.raises(SheetNotReady):
        first(session, boxes, explanation="等不及了")


def test_more_paper_back_than_went_out_is_signed_and_nothing_opens(session, keys, any_database):
    boxes = make_reconciled_boxes(session, keys, handed=2)
    extra = update(PaperBundle).values(handed=1)
    session.execute(
        text(
            "DROP TRIGGER paper_bundle_counted"
            + _on(session).replace("urn_opening", "paper_bundle")
        )
    )
    session.execute(extra)
    signed = sign_sheet(session, boxes)
    assert signed.outcome == "more_returned"
    with pytest.raises(MorePaperReturned):
        open_by_two(session, boxes.round)
    row = {"round_id": boxes.round.id, "first_officer": boxes.officers[0].id, "first_at": NOW}
    with pytest.raises(IntegrityError, match="not been reconciled"), session.begin_nested():
        session.execute(insert(UrnOpening).values(row))


def test_nobody_signs_while_people_vote_or_from_another_area(session, keys):
    boxes = make_boxes(session, keys)
    with pytest.raises(NotReconciling):
        first(session, boxes, now=NOW - timedelta(days=2))
    stranger = make_officer(session)
    with pytest.raises(NotFound):
        sign_first(
            session, now=NOW, actor=stranger.actor, round_id=boxes.round.id, seen="", explanation=""
        )


def test_a_bundle_nobody_has_counted_leaves_its_papers_missing_until_it_is(session, keys):
    boxes = make_boxes(session, keys, papers=4)
    hand_out_papers(session, boxes, 1)
    standing = standing_sheet(session, boxes.round.id)
    assert standing.waiting.unsettled == 1
    assert replace(standing.sheet.bundles[0], unused=3).missing == 0
