"""Rounds whose boxes are open: papers to key, and officers who key them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.audits import make_monitor
from tests.factories.ballots import NOW
from tests.factories.paper import make_paper, serials_of
from tests.factories.tally import make_closed_round
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot
from voting.paper.service.adjudicating import Verdict, adjudicate
from voting.paper.service.correcting import ask_correction, confirm_correction
from voting.paper.service.keying import KeyedPaper, key_paper
from voting.permissions import Role
from voting.rounds.models import Appointment, Round

_NAMES = ("李敏", "周强", "吴丽", "陈枫")


@dataclass
class Boxes:
    """A round that is counting: its papers, three officers, a monitor."""

    round: Round
    serials: list[str]
    officers: list[Officer]
    monitor: Appointment

    @property
    def actors(self) -> list[Actor]:
        """The officers as the journal knows them."""
        return [officer.actor for officer in self.officers]


def make_boxes(
    session: Session,
    keys: Keyring,
    *,
    papers: int = 4,
    officers: int = 3,
    candidates: int = 12,
    most: int = 3,
    least: int = 0,
    votes: Sequence[Sequence[int]] = (),
    **changes: Any,
) -> Boxes:
    """Make a round whose voting is over, with papers that were handed out, and who keys them."""
    round = make_closed_round(
        session, keys, votes=votes, candidates=candidates, most=most, least=least, **changes
    )
    people = [
        make_officer(
            session, area=round.area, role=Role.COMMUNITY_WORKER, name=_NAMES[at % len(_NAMES)]
        )
        for at in range(officers)
    ]
    batch = make_paper(session, round, papers, holder=people[0])
    return Boxes(round, serials_of(session, batch), people, make_monitor(session, round))


def key(
    session: Session, keys: Keyring, boxes: Boxes, who: int, serial: str, ticks: str, **more: Any
) -> KeyedPaper:
    """Let an officer key a paper."""
    facts: dict[str, Any] = {"blank": not ticks.strip(), "now": NOW} | more
    return key_paper(
        session, actor=boxes.actors[who], keys=keys, round_id=boxes.round.id, serial=serial,
        ticks=ticks, **facts,
    )  # fmt: skip


def key_twice(
    session: Session, keys: Keyring, boxes: Boxes, serial: str, first: str, second: str = "-"
) -> KeyedPaper:
    """Let two officers key a paper: the same, unless ``second`` says otherwise."""
    key(session, keys, boxes, 0, serial, first)
    return key(session, keys, boxes, 1, serial, first if second == "-" else second)


def decide(
    session: Session, keys: Keyring, boxes: Boxes, serial: str, *, who: int = 2, **verdict: Any
) -> str | None:
    """Let an officer and the monitor decide a paper."""
    facts: dict[str, Any] = {"marks": {}, "reason": "看过实物"} | verdict
    return adjudicate(
        session, now=NOW, actor=boxes.actors[who], keys=keys, round_id=boxes.round.id,
        serial=serial, monitor_id=boxes.monitor.id, verdict=Verdict(**facts),
    )  # fmt: skip


def take_back(session: Session, boxes: Boxes, serial: str, *, who: int = 1) -> None:
    """Let two officers take back what was settled of a paper; ``who`` confirms."""
    first, second = boxes.actors[0], boxes.actors[who]
    facts: dict[str, Any] = {"now": NOW, "round_id": boxes.round.id}
    void = ask_correction(session, actor=first, serial=serial, reason="录串了行", **facts)
    confirm_correction(session, actor=second, void_id=void.id, **facts)


def paper_of(session: Session, boxes: Boxes, serial: str) -> PaperBallot:
    """Return a paper as it stands in the database."""
    mine = select(PaperBallot).where(
        PaperBallot.round_id == boxes.round.id, PaperBallot.serial == serial
    )
    return session.scalars(mine.execution_options(populate_existing=True)).one()
