"""Whether a paper is genuine, and whether it came back: all that anybody may learn by scanning one."""

import hmac
from enum import StrEnum

from sqlalchemy.orm import Session

from voting.adapters.sealing import keyed_hash
from voting.paper.models import PaperBallot, PaperState
from voting.paper.rules.codes import SaidByPaper, read_said, said_text, written

_PURPOSE = "paper ballot"


class Genuine(StrEnum):
    """What is said of a scanned paper."""

    OUT = "out"
    BACK = "back"


def paper_address(
    card_key: bytes, address: str, *, round_id: str, version: int, serial: str
) -> str:
    """Return the address in the QR code of a paper, in capitals throughout."""
    code = paper_code(card_key, round_id=round_id, version=version, serial=serial)
    said = SaidByPaper(round_id, version, serial, code)
    return f"{address}/b/".upper() + said_text(said)


def paper_code(card_key: bytes, *, round_id: str, version: int, serial: str) -> str:
    """Return the short code that only this installation could have printed on a paper."""
    return written(keyed_hash(card_key, _PURPOSE, round_id, str(version), serial))


def look_up(session: Session, card_key: bytes, text: str) -> Genuine | None:
    """Return what may be said of the paper whose code says ``text``; None if it is not one of ours."""
    said = read_said(text)
    if said is None:
        return None
    ours = paper_code(card_key, round_id=said.round_id, version=said.version, serial=said.serial)
    if not hmac.compare_digest(ours, said.code):
        return None
    paper = session.get(PaperBallot, (said.round_id, said.serial))
    if paper is None or paper.version != said.version:
        return None
    back = {PaperState.RETURNED, PaperState.ENTERED, PaperState.INVALID}
    return Genuine.BACK if PaperState(paper.state) in back else Genuine.OUT
