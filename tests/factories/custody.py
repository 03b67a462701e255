"""Keys that have passed their gate, and sheets as monitors would bring them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_installation
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import CLOSES, make_plan, make_round
from tests.factories.tally import fill
from voting.adapters.keyring import Keyring
from voting.conduct.service import advance, appoint
from voting.custody.models import UrnKey
from voting.custody.rules import KeySheet
from voting.custody.service import (
    find_key,
    forget_key,
    make_key,
    make_sets,
    prove_sheets,
    read_back,
    waiting_sheets,
)
from voting.journal.rules import COMMAND_LINE, Actor
from voting.rounds.models import Round
from voting.rounds.rules import Phase, SealWay

MONITORS = ("吴国强", "孙丽", "周桂兰")


def pass_gate(
    session: Session,
    keys: Keyring,
    round: Round,
    *,
    now: datetime = NOW,
    actor: Actor = COMMAND_LINE,
) -> None:
    """Make the server's key of a round, print its recovery sets and read one back."""
    by = {"now": now, "actor": actor, "round_id": round.id}
    make_key(session, **by, keys=keys)  # type: ignore[arg-type]  # the facts of an act
    first, _ = make_sets(session, **by, keys=keys, kept_at="保险柜；铁皮柜")  # type: ignore[arg-type]  # see above
    read_back(session, **by, keys=keys, typed=typed(first))  # type: ignore[arg-type]  # see above


def make_monitors(session: Session, keys: Keyring, round: Round, *, now: datetime = NOW) -> None:
    """Appoint three monitors."""
    for name in MONITORS:
        appoint(
            session, now=now, actor=COMMAND_LINE, keys=keys, round_id=round.id, duty="monitor",
            name=name,
        )  # fmt: skip


def make_sheets(
    session: Session, keys: Keyring, round: Round, *, now: datetime = NOW
) -> list[KeySheet]:
    """Make a key for three monitors and return their sheets; the server still holds the shares."""
    make_monitors(session, keys, round, now=now)
    make_key(session, now=now, actor=COMMAND_LINE, keys=keys, round_id=round.id)
    return waiting_sheets(session, keys=keys, round=round)


def give_out_sheets(
    session: Session, keys: Keyring, round: Round, *, now: datetime = NOW
) -> list[KeySheet]:
    """Let three sheets pass the gate: two proven, the key forgotten by the server."""
    sheets = make_sheets(session, keys, round, now=now)
    prove_sheets(
        session, now=now, actor=COMMAND_LINE, round_id=round.id,
        typed=(typed(sheets[0]), typed(sheets[1])),
    )  # fmt: skip
    forget_key(session, now=now, actor=COMMAND_LINE, round_id=round.id)
    keys.forget_shares(round.id)
    return sheets


def typed(paper: object) -> str:
    """Return what stands on a sheet or set, line by line."""
    return "\n".join(getattr(paper, "lines"))  # noqa: B009 -- sheets and sets alike


def make_listed(
    session: Session, keys: Keyring, *, way: SealWay = SealWay.MONITORS, kind: str = "real"
) -> Round:
    """Make a round to which nothing but its key is missing for the announcement."""
    make_installation(session)
    plan = make_plan(max_choices=2, seal_way=way)
    round = make_round(session, phase="shortlisted", plan=plan, kind=kind)
    for number in range(3):
        make_candidate(session, keys, round, proposer=f"建议人{number}", title=f"项目{number + 1}")
    make_elector(session, round.id)
    return round


def announce(session: Session, keys: Keyring, round: Round) -> Round:
    """Announce a round's vote."""
    return advance(
        session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round.id, to=Phase.VOTE_ANNOUNCED
    )


def make_sealed(
    session: Session, keys: Keyring, *, way: SealWay = SealWay.MONITORS
) -> tuple[Round, list[KeySheet]]:
    """Make an announced round with ballots in its urn; with its sheets, where monitors hold the key."""
    round = make_listed(session, keys, way=way)
    sheets = []
    if way is SealWay.MONITORS:
        sheets = give_out_sheets(session, keys, round)
    else:
        pass_gate(session, keys, round)
    announce(session, keys, round)
    fill(session, round.id, VOTES)
    return round, sheets


VOTES = ((1, 2), (1,), (3,), (1, 3), (2,))
AFTER = CLOSES + timedelta(hours=1)
"""Voting is over: the urn may be opened."""


def key_of(session: Session, round_id: str) -> UrnKey:
    """Return what is known of a key that was made."""
    key = find_key(session, round_id)
    assert key is not None
    return key
