"""The keys of the demo pass their gate as real ones do: printed, and read back."""

from datetime import datetime

from voting.accounts.models import Officer
from voting.custody.rules import groups
from voting.custody.service import (
    forget_key,
    make_key,
    make_sets,
    prove_sheets,
    read_back,
    waiting_sheets,
)
from voting.demo.service.scene import Scene
from voting.rounds.models import Round
from voting.rounds.rules import SealWay

_PLACES = "街道保险柜；社区书记办公室铁皮柜"


def keep_key(scene: Scene, officer: Officer, round: Round, now: datetime) -> None:
    """Make a round's key and prove that it can be used again, in the way its plan says."""
    session, actor = scene.session, officer.actor
    make_key(session, now=now, actor=actor, keys=scene.keys, round_id=round.id)
    if round.seal_way == SealWay.MONITORS:
        _give_out(scene, officer, round, now)
        return
    sets = make_sets(
        session, now=now, actor=actor, keys=scene.keys, round_id=round.id, kept_at=_PLACES
    )
    for one in sets:
        read_back(
            session, now=now, actor=actor, keys=scene.keys, round_id=round.id,
            typed="\n".join(one.lines),
        )  # fmt: skip


def _give_out(scene: Scene, officer: Officer, round: Round, now: datetime) -> None:
    """Prove two sheets and let the server forget. What stands on the sheets is kept for who tries it."""
    session, actor = scene.session, officer.actor
    sheets = waiting_sheets(session, keys=scene.keys, round=round)
    first, second = ("\n".join(one.lines) for one in sheets[:2])
    prove_sheets(session, now=now, actor=actor, round_id=round.id, typed=(first, second))
    forget_key(session, now=now, actor=actor, round_id=round.id)
    scene.keys.forget_shares(round.id)
    folder = scene.config.var / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in sheets:
        text = "\n".join(" ".join(groups(line)) for line in one.lines)
        (folder / f"key-sheet-{one.number}.txt").write_text(text + "\n", encoding="ascii")
