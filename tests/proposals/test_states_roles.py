"""Which role may do what with a proposal and a candidate: every page that acts, times every role."""

import pytest
from sqlalchemy import func, select

from tests.factories.proposals import make_nominated, make_proposal
from tests.visiting import visit
from voting.journal.models import JournalEntry
from voting.permissions import GRANTS, Permission, Role
from voting.proposals.models import Candidate, MergeChange, Proposal, ProposalDecision
from voting.proposals.rules.states import CANDIDATE_STEPS, PROPOSAL_STEPS
from voting.rounds.models import Round

# The page that does it, and who may.
WORKER_UP = {Role.COMMUNITY_WORKER, Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER}
SECRETARY_UP = WORKER_UP - {Role.COMMUNITY_WORKER}
STREET_ONLY = {Role.STREET_OFFICER}
PAGES = {
    "proposals/act": WORKER_UP,
    "proposals/{proposal}/accept": WORKER_UP,
    "proposals/{proposal}/screen": WORKER_UP,
    "proposals/{proposal}/supplement": WORKER_UP,
    "proposals/{proposal}/phone": WORKER_UP,
    "proposals/{proposal}/edit": WORKER_UP,
    "proposals/{proposal}/appeal": STREET_ONLY,
    "candidates/new": WORKER_UP,
    "candidates/join": WORKER_UP,
    "candidates/{candidate}/split": WORKER_UP,
    "candidates/{candidate}/review": STREET_ONLY,
    "candidates/{candidate}/take-off": SECRETARY_UP,
    "candidates/{candidate}/put-back": SECRETARY_UP,
    "candidates/{candidate}/reserve": SECRETARY_UP,
    "candidates/{candidate}/remove": STREET_ONLY,
    "candidates/meeting": SECRETARY_UP,
    "candidates/numbers": SECRETARY_UP,
    "reserve/{candidate}": WORKER_UP,
}


def _kept(session):
    counted = (ProposalDecision, MergeChange, JournalEntry)
    return [session.scalar(select(func.count()).select_from(table)) for table in counted]


def _stand(database, ids):
    with database.reading() as session:
        candidate = session.get_one(Candidate, ids["candidate"])
        proposal = session.get_one(Proposal, ids["proposal"])
        return candidate.state, proposal.state, _kept(session)


@pytest.mark.parametrize("role", Role)
def test_every_role_may_do_what_is_its_own_and_nothing_else(sit, database, keys, role):
    desk = sit(role)
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        ids = {
            "proposal": make_proposal(session, keys, round).id,
            "candidate": make_nominated(session, keys, round).id,
        }
    form = visit(desk.client, f"{desk.url}/proposals/{ids['proposal']}").root
    token = next(
        element.get("value") for element in form.iter() if element.get("name") == "csrf_token"
    )
    for path, may in PAGES.items():
        before = _stand(database, ids)
        answer = desk.client.post(f"{desk.url}/{path.format(**ids)}", data={"csrf_token": token})
        assert (answer.status_code != 403) is (role in may), (role, path, answer.status_code)
        if role not in may:
            assert _stand(database, ids) == before


def test_the_steps_and_the_pages_ask_for_the_same_permissions():
    asked = {step.act: step.permission for step in PROPOSAL_STEPS}
    asked |= {step.act: step.permission for step in CANDIDATE_STEPS}
    holders = {
        act: {role for role in Role if permission in GRANTS[role]}
        for act, permission in asked.items()
        if permission is not None
    }
    assert holders["proposal.accept"] == holders["proposal.merge"] == WORKER_UP
    assert holders["proposal.uphold"] == holders["proposal.review"] == STREET_ONLY
    assert holders["candidate.list"] == holders["candidate.reserve"] == SECRETARY_UP
    assert holders["candidate.remove"] == STREET_ONLY
    assert Permission.PROPOSAL_SCREEN in asked.values()
