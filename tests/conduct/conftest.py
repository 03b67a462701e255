"""A round that could be announced, and desks before it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import Chain, make_chain, make_installation
from tests.factories.custody import pass_gate
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import make_plan, make_round
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.permissions import Role
from voting.persistence.session import Database
from voting.rounds.models import Round


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The keyring that this test's app uses."""
    return Keyring(tmp_path / "var" / "secrets")


def ready_round(
    session: Session,
    keys: Keyring,
    *,
    area: Area | None = None,
    candidates: int = 3,
    electors: int = 2,
) -> Round:
    """Make a round to which nothing is missing for its announcement."""
    make_installation(session)
    round = make_round(session, area=area, phase="shortlisted", plan=make_plan(max_choices=1))
    for number in range(candidates):
        make_candidate(session, keys, round, proposer=f"建议人{number}", title=f"项目{number + 1}")
    for _ in range(electors):
        make_elector(session, round.id)
    pass_gate(session, keys, round)
    return round


@pytest.fixture
def ready(session: Session, keys: Keyring) -> Round:
    """A round to which nothing is missing for its announcement."""
    return ready_round(session, keys)


@dataclass(frozen=True)
class Desk:
    """A browser in which an officer is signed in, and a round of their area."""

    client: FlaskClient
    chain: Chain
    round_id: str
    officer_id: str

    @property
    def url(self) -> str:
        """Where the round's pages are."""
        return f"/desk/rounds/{self.round_id}"


@pytest.fixture
def sit(client: FlaskClient, database: Database, keys: Keyring) -> Callable[..., Desk]:
    """Sit somebody down before a round: one in ``phase``, or one ready to be announced."""

    def seat(role: Role = Role.STREET_OFFICER, *, phase: str = "") -> Desk:
        with database.transaction() as session:
            make_installation(session)
            chain = make_chain(session)
            officer = make_officer(session, area=chain.street, role=role, name="李敏")
            if phase:
                round = make_round(session, area=chain.estate, phase=phase)
            else:
                round = ready_round(session, keys, area=chain.estate)
        sit_down(client, database, officer)
        return Desk(client, chain, round.id, officer.id)

    return seat
