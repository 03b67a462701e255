"""The code with which a proposer comes back: derived, so that it can be said again and stands nowhere.

The table keeps a keyed hash of the code; the code itself is derived from the sending of a form (or, for a
paper, from the proposal's id) with a key outside the database. Whoever sends one form twice, or prints a
slip twice, gets one code; whoever reads the database gets none.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash
from voting.proposals.models import Proposal
from voting.proposals.rules.sending import ALPHABET, CODE_LENGTH, read_code, written_code

_CODES = len(ALPHABET) ** CODE_LENGTH


def follow_key(keys: Keyring, code: str) -> bytes:
    """Return the keyed hash under which a code is found."""
    return keyed_hash(keys.person_key(), "proposal follow", code)


def derived_code(keys: Keyring, round_id: str, source: str) -> str:
    """Return the code of a sending, or of the proposal on a paper."""
    raw = keyed_hash(keys.person_key(), "proposal code", round_id, source)
    return written_code(int.from_bytes(raw, "big") % _CODES)


def code_of(keys: Keyring, proposal: Proposal) -> str:
    """Return the code of a proposal, as it was first said to its proposer."""
    return derived_code(keys, proposal.round_id, proposal.sending_key or proposal.id)


def give_code(session: Session, keys: Keyring, proposal: Proposal) -> str:
    """Let a proposal from paper be followed, and return its code; asked again, the same one."""
    code = code_of(keys, proposal)
    proposal.follow_key = follow_key(keys, code)
    session.flush()
    return code


def find_by_code(session: Session, keys: Keyring, code: str) -> Proposal | None:
    """Return the proposal of a code as somebody typed it.

    What cannot be a code is looked for as well: the answer takes its time alike.
    """
    key = follow_key(keys, read_code(code) or "")
    return session.scalar(select(Proposal).where(Proposal.follow_key == key))
