"""The rounds of many people: a vote that is on, one that was declared, one to be counted, two to come."""

from dataclasses import replace
from datetime import date, timedelta

from voting.demo.rules.fates import WAITING
from voting.demo.rules.places import CHAOYANG, ZHANNAN
from voting.demo.rules.stories.shape import VOTE_LENGTH, Story, days_before, last_worked
from voting.demo.rules.works import MORE_WORKS, WORKS
from voting.rounds.rules import Phase, SealWay


def main_stories(today: date) -> list[Story]:
    """Return these rounds as they stand on a day, the one with a vote on first."""
    return [voting(today), _public(today), _counting(today), *_before_the_vote(today)]


def voting(today: date) -> Story:
    """Return the round with a vote on."""
    return Story(
        area="南烟小区",
        office=CHAOYANG,
        ends=Phase.VOTING,
        days=days_before(
            today - timedelta(days=2), approved=28, until=19, deliberating=16, shortlisted=7
        ),
        budget=1_000_000,
        works=WORKS,
        merged=13,
        people=812,
        buildings=12,
        cards=600,
        unprinted=120,
        handed=431,
        cast=372,
        seed=812,
        prints=True,
        by_poster=True,
    )


def _public(today: date) -> Story:
    posted = last_worked(today - timedelta(days=1))
    opens = posted - timedelta(days=VOTE_LENGTH)
    days = days_before(opens, approved=45, until=30, deliberating=25, shortlisted=14)
    return Story(
        area="朝阳小区",
        office=CHAOYANG,
        ends=Phase.PUBLICITY,
        days=replace(days, posted=posted),
        budget=2_000_000,
        works=WORKS,
        merged=9,
        people=3110,
        buildings=36,
        cards=3266,
        handed=2177,
        cast=2177,
        meeting="召开项目推选大会，8 个讨论小组、上百人到会",
        seed=2020,
        prints=True,
    )


def _counting(today: date) -> Story:
    return Story(
        area="江西木材厂家属院",
        office=CHAOYANG,
        ends=Phase.COUNTING,
        days=days_before(
            today - timedelta(days=VOTE_LENGTH), until=25, deliberating=18, shortlisted=10
        ),
        budget=400_000,
        works=WORKS[1:32:2],
        merged=4,
        people=426,
        buildings=8,
        cards=448,
        handed=301,
        cast=286,
        seed=426,
    )


def _before_the_vote(today: date) -> list[Story]:
    announced = Story(
        area="站南巷社区",
        office=ZHANNAN,
        ends=Phase.VOTE_ANNOUNCED,
        days=days_before(today + timedelta(days=3), until=25, deliberating=18, shortlisted=10),
        budget=1_200_000,
        works=WORKS + MORE_WORKS,
        merged=884,
        people=2468,
        buildings=42,
        unprinted=600,
        seed=928,
        seal_way=SealWay.MONITORS,
    )
    soon = today + timedelta(days=44)
    collecting = Story(
        area="朝阳小区社区",
        office=CHAOYANG,
        ends=Phase.COLLECTING,
        days=days_before(soon, approved=50, until=35, deliberating=25, shortlisted=14),
        budget=300_000,
        works=WORKS[2:28:3],
        merged=4,
        fates=WAITING,
        seed=15,
    )
    later = days_before(today + timedelta(days=150))
    draft = Story(
        area="南烟小区",
        office=CHAOYANG,
        ends=Phase.DRAFT,
        days=replace(later, approved=last_worked(today - timedelta(days=1))),
        budget=500_000,
    )
    return [announced, collecting, draft]
