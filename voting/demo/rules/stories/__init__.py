"""The rounds of the demo: what each decides, how far it has come, and on which days what was done.

What was reported is kept: in 南烟小区 the meeting came 12 days after the start and the list 21 days after
it; in 朝阳小区 48 proposals became 39 candidates, everybody had at most 10 choices, 2,177 ballots came in
(70 %) and 38 works were chosen; in 站南巷社区 928 forms became 44 candidates (31, 7 and 6 of the three
categories), and the list was fixed 15 days after the last proposal.
"""

from dataclasses import replace
from datetime import date

from voting.demo.rules.stories.main import main_stories, voting
from voting.demo.rules.stories.others import other_stories
from voting.demo.rules.stories.shape import Days, Story, days_between, shares, title_of

__all__ = [
    "Days",
    "Story",
    "days_between",
    "shares",
    "stories",
    "title_of",
    "voting_again",
]


def stories(today: date) -> list[Story]:
    """Return the rounds as they stand on a day, the one with a vote on first."""
    return [*main_stories(today), *other_stories(today)]


def voting_again(today: date) -> Story:
    """Return the round with a vote on, for a day on which the first one is over."""
    return replace(voting(today), seed=today.toordinal())
