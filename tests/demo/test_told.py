"""What the loaded demo holds: every phase, every outcome, every state of a work."""

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import NOW
from tests.visiting import visit
from voting.delivery.models import Milestone, Project, ProjectPhoto, Spending
from voting.delivery.rules.states import ProjectState
from voting.notices.models import Notice
from voting.proposals.models import PROPOSAL_STATES, Appeal, Proposal
from voting.rounds.models import Round
from voting.rounds.rules import Phase


def reading(town):
    return town.app.extensions["voting.database"].reading()


# What the services write is the same on both databases; test_loading loads on both.
pytestmark = pytest.mark.parametrize("town", ["sqlite"], indirect=True)


def test_there_is_a_round_in_every_phase(town):
    assert {round.phase for round in town.firsts[0].rounds} == set(Phase)


def test_a_void_vote_is_held_again_in_a_round_of_its_own(town):
    with reading(town) as session:
        void = session.scalars(select(Round).where(Round.phase == "vote_void")).one()
        again = session.scalars(select(Round).where(Round.repeats_id == void.id)).one()
    assert again.phase == "vote_announced"
    assert "重新投票" in visit(town.client(), f"/rounds/{again.id}").text


def test_proposals_have_come_to_every_end_and_their_proposers_have_appealed(town):
    with reading(town) as session:
        states = set(session.scalars(select(Proposal.state)))
        appeals = set(session.scalars(select(Appeal.is_upheld)))
        round = session.scalars(select(Round).where(Round.title.startswith("站南巷社区"))).one()
        forms = session.scalar(select(func.count()).where(Proposal.round_id == round.id))
    assert states == set(PROPOSAL_STATES)
    assert appeals == {None, True, False}
    assert forms == 928


def test_works_stand_in_every_state_with_milestones_spending_and_photographs(town):
    with reading(town) as session:
        states = set(session.scalars(select(Project.state)))
        stages = set(session.scalars(select(ProjectPhoto.stage)))
        late = session.scalar(
            select(func.count())
            .select_from(Milestone)
            .join(Project, Project.id == Milestone.project_id)
            .where(Milestone.done_on.is_(None), Milestone.planned_on < NOW.date())
            .where(Project.state.not_in(["done", "archived", "terminated"]))
        )
        assert session.scalar(select(func.count(Spending.id))) > 20
        reports = session.scalars(select(Notice).where(Notice.kind.startswith("project-month-")))
        assert len(reports.all()) == 1
        pictures = set(session.scalars(select(ProjectPhoto.digest)))
        parking = session.scalars(select(Project).where(Project.title == "重新划停车位")).one()
        assert (parking.measure_before, parking.measure_after) == (120, 141)
    assert states == set(ProjectState)
    assert stages == {"before", "during", "after"}
    assert late == 1
    for digest in pictures:
        with town.client().get(f"/pictures/{digest}.jpg") as answer:
            assert answer.status_code == 200


def test_the_rehearsal_is_shown_to_nobody_but_the_desk(town):
    rehearsal = next(round for round in town.firsts[0].rounds if "演练" in round.title)
    for url in ("/", "/search", "/projects"):
        assert "演练" not in visit(town.client(), url).text
    assert rehearsal.phase == "collecting"


def test_papers_that_were_left_to_be_printed_later_are_printed_when_somebody_asks(town):
    with reading(town) as session:
        late = select(Notice).where(Notice.pdf_digest.is_(None), Notice.audience == "public")
        kinds = {notice.kind: notice.number for notice in session.scalars(late)}
    for kind in ("vote", "result"):
        with town.client().get(f"/notices/{kinds[kind]}.pdf") as answer:
            assert answer.data.startswith(b"%PDF")
