"""Rounds whose vote is over and whose papers add up, to the last one, until a test takes something away."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, make_listed_elector
from tests.factories.keying import Boxes, key_twice, make_boxes
from voting.adapters.keyring import Keyring
from voting.paper.models import PaperBallot, PaperBundle, Reconciliation
from voting.paper.service.reconciling import sign_first, sign_second, standing_sheet
from voting.paper.service.settling import count_bundle, receive_bundle
from voting.roll.models import Channel
from voting.roll.service import mark_participation


def hand_out_papers(session: Session, boxes: Boxes, handed: int) -> None:
    """Mark people and count the papers of the first bundle as handed to them."""
    for _number in range(handed):
        elector = make_listed_elector(session, boxes.round.id)
        mark_participation(
            session, round_id=boxes.round.id, elector_id=elector, channel=Channel.PAPER_HANDED,
            day=NOW.date(),
        )  # fmt: skip
    first = update(PaperBundle).where(PaperBundle.number == 1)
    session.execute(first.values(handed=PaperBundle.handed + handed))


def settle_bundles(session: Session, boxes: Boxes, *, lost: int = 0) -> None:
    """Let one officer count what is left of every bundle, another receive it; ``lost`` lack in the first."""
    one, other = boxes.actors[:2]
    bundles = session.scalars(select(PaperBundle).order_by(PaperBundle.number)).all()
    for bundle in bundles:
        session.refresh(bundle)
        about: dict[str, Any] = {
            "now": NOW, "round": boxes.round, "batch_id": bundle.batch_id, "number": bundle.number,
            "unused": bundle.count - bundle.handed - (lost if bundle.number == 1 else 0),
        }  # fmt: skip
        count_bundle(session, actor=one, **about)
        receive_bundle(session, actor=other, **about)


def make_reconciled_boxes(
    session: Session,
    keys: Keyring,
    *,
    papers: int = 6,
    handed: int = 3,
    lost: int = 0,
    **changes: Any,
) -> Boxes:
    """Make a round of which ``handed`` papers went out and came back keyed, and nobody has signed."""
    boxes = make_boxes(session, keys, papers=papers, **changes)
    hand_out_papers(session, boxes, handed)
    for serial in serials_of_first(session, boxes)[:handed]:
        key_twice(session, keys, boxes, serial, "1 2")
    settle_bundles(session, boxes, lost=lost)
    return boxes


def serials_of_first(session: Session, boxes: Boxes) -> list[str]:
    """Return the serials of the first bundle."""
    mine = select(PaperBallot.serial).where(
        PaperBallot.round_id == boxes.round.id, PaperBallot.bundle == 1
    )
    return list(session.scalars(mine.order_by(PaperBallot.serial)))


def sign_sheet(session: Session, boxes: Boxes, *, explanation: str = "") -> Reconciliation:
    """Let two officers sign the sheet as it stands."""
    seen = standing_sheet(session, boxes.round.id).digest
    about: dict[str, Any] = {"now": NOW, "round_id": boxes.round.id, "seen": seen}
    sign_first(session, actor=boxes.actors[0], explanation=explanation, **about)
    return sign_second(session, actor=boxes.actors[1], **about)
