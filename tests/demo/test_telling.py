from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.ballots import keyring
from voting.clock import at_local
from voting.delivery.models import Project
from voting.delivery.rules.states import ProjectState
from voting.demo.rules.stories import stories
from voting.demo.service import Scene, Sheet
from voting.demo.service.installing import install
from voting.demo.service.scene import Part, play
from voting.demo.service.telling import Telling
from voting.proposals.models import Proposal
from voting.proposals.rules import ProposalState
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase
from voting.rounds.service import settle

# The week of the national holiday, the spring festival, New Year, a day that is not in every year.
ODD_DAYS = [
    date(2026, 10, 5),
    pytest.param(date(2026, 2, 20), marks=pytest.mark.soak),
    pytest.param(date(2027, 1, 1), marks=pytest.mark.soak),
    pytest.param(date(2028, 2, 29), marks=pytest.mark.soak),
]


# All states of a project take a long list.
LONG = 22


class BlankPapers:
    """Takes no time."""

    def picture(self, _title):
        return "0" * 64

    def vote(self, given, **said):
        return Sheet("vote", f"{given.round.title} {said['number']}", "{}", "0" * 64)

    def result(self, facts, **said):
        return Sheet("result", f"{facts.round_title} {said['number']}", "{}", "0" * 64)


def small(story):
    """The story with fewer people."""
    people = min(story.people, 250)
    return replace(
        story,
        people=people,
        merged=min(story.merged, 2),
        works=story.works if len(story.works) <= LONG else story.works[:8],
        cards=min(story.cards, 60),
        unprinted=min(story.unprinted, 6),
        handed=min(story.handed, 50),
        cast=min(story.cast, 40),
    )


@pytest.fixture
def told(session, config, tmp_path):
    """Tell all stories, in small, as they stand on a day; return the rounds by their phase on it."""

    def tell(today):
        scene = Scene(session, config, keyring(tmp_path), BlankPapers(), [])
        install(session, now=at_local(date(2023, 11, 1)), config=config, password="7KMP-3XWQ-9HFT")
        acts = []
        for story in stories(today):
            acts += Telling(Part(scene, small(story), today=today)).acts()
        progress = []
        play(acts, lambda done, total: progress.append(done == total))
        now = at_local(today, 0, 1)
        settle(session, now=now)
        assert progress[-1] is True
        assert all(act.at < now for act in acts)
        return list(session.scalars(select(Round)))

    return tell


@pytest.mark.parametrize("today", ODD_DAYS, ids=str)
def test_the_stories_can_be_told_on_any_day_from_its_first_minute(told, session, today):
    rounds = told(today)
    assert {round.phase for round in rounds} == set(Phase)
    declared = next(round for round in rounds if round.phase == "publicity")
    steps = session.scalars(
        select(PhaseChange).where(PhaseChange.round_id == declared.id).order_by(PhaseChange.at)
    ).all()
    assert [step.after for step in steps] == [
        "pending_approval", "collecting", "screening", "deliberating", "shortlisted",
        "vote_announced", "voting", "counting", "result_review", "publicity",
    ]  # fmt: skip
    assert set(session.scalars(select(Project.state))) == set(ProjectState)
    assert set(session.scalars(select(Proposal.state))) == set(ProposalState)
