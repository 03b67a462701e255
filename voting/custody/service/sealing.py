"""The public half with which a round's ballots will be sealed, as custody gives it when rules are frozen."""

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import public_of
from voting.custody.service.finding import find_key
from voting.rounds.models import Round
from voting.rounds.rules import SealWay


def seal_public_for(session: Session, *, keys: Keyring, round: Round) -> bytes:
    """Return the public half (32 bytes) for a held round whose key has passed its gate.

    A rehearsal in the server's way needs no recovery sets and gets its key here. Whether the gate was
    passed is asked by the statement that freezes (``has_passed``): where there is no key that could pass,
    the answer is empty.
    """
    key = find_key(session, round.id)
    if round.seal_way == SealWay.MONITORS:
        return key.public_key if key is not None and key.way == round.seal_way else b""
    if round.kind != "real":
        return keys.make_seal_key(round.id)
    private = keys.kept("seal", round.id)
    # What was proven may lie on another machine: nothing is sealed for a key that this one lacks.
    return public_of(private) if private is not None and key is not None else b""
