"""A round that takes proposals, its keys, and a desk at which somebody of its street sits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from tests.factories.rounds import make_round
from tests.factories.sending import decide, make_collecting_round, make_sent
from voting.adapters.keyring import Keyring
from voting.permissions import Role
from voting.persistence.session import Database
from voting.proposals.models import Proposal
from voting.proposals.rules.sending import shown_code
from voting.rounds.service import get_round


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The keyring that this test's app uses."""
    return Keyring(tmp_path / "var" / "secrets")


@dataclass(frozen=True)
class Desk:
    """A browser in which an officer is signed in, and a round of their area."""

    client: FlaskClient
    chain: Chain
    round_id: str

    @property
    def url(self) -> str:
        """Where the round's pages are."""
        return f"/desk/rounds/{self.round_id}"


@pytest.fixture
def sit(client: FlaskClient, database: Database) -> Callable[..., Desk]:
    """Sit somebody down before a round in a phase: ``sit(Role.COMMUNITY_WORKER, phase="draft")``."""

    def seat(role: Role = Role.STREET_OFFICER, *, phase: str = "collecting") -> Desk:
        with database.transaction() as session:
            make_installation(session)
            chain = make_chain(session)
            officer = make_officer(session, area=chain.street, role=role, name="李敏")
            round = make_round(session, area=chain.estate, phase=phase)
        sit_down(client, database, officer)
        return Desk(client, chain, round.id)

    return seat


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    """A street officer's desk, with a round that takes proposals."""
    return sit()


@pytest.fixture
def round_id(database: Database) -> str:
    """The id of a round that takes proposals."""
    with database.transaction() as session:
        make_installation(session)
        return make_collecting_round(session).id


@dataclass(frozen=True)
class Mine:
    """A proposal from a telephone, as its proposer and the desk know it."""

    database: Database
    round_id: str
    proposal_id: str
    code: str

    @property
    def url(self) -> str:
        """Where the proposal is followed."""
        return f"/follow/{shown_code(self.code)}"

    def decided(self, outcome: str, **changes: Any) -> str:
        """Decide about it as the desk would; returns the decision's id."""
        with self.database.transaction() as session:
            proposal = session.get_one(Proposal, self.proposal_id)
            return decide(session, proposal, outcome, **changes).id

    def stored(self) -> Proposal:
        """Return it as the database has it."""
        with self.database.reading() as session:
            return session.get_one(Proposal, self.proposal_id)


@pytest.fixture
def mine(database: Database, keys: Keyring, round_id: str) -> Mine:
    """A proposal that was just sent, with its code."""
    with database.transaction() as session:
        sent = make_sent(session, keys, get_round(session, round_id))
        return Mine(database, round_id, sent.proposal.id, sent.code)
