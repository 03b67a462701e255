"""An installation with one of everything that is open data: a declared round, its projects and papers."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW
from tests.factories.delivery import make_entry, make_milestone, make_photo, make_spending
from tests.factories.notices import make_notice
from tests.factories.tally import make_reviewed_round
from voting.adapters.keyring import Keyring
from voting.comparing.rules.alternatives import compare
from voting.comparing.service import store_comparison, votes_of
from voting.delivery.service.opening import open_project
from voting.notices.models import Notice
from voting.permissions import Role
from voting.proposals.service import candidates_of
from voting.results.service import Printed, declare, digest_of, facts_of, publicity_of
from voting.rounds.models import Round

# 40 ballots: enough for a channel to be told.
VOTES = [(1, 2)] * 12 + [(1, 2, 3)] * 10 + [(1,)] * 8 + [(2, 4)] * 6 + [(1, 5)] * 4


# Two days too small to be told alone, two that are told.
DAYS = [5] * 2 + [4] * 3 + [3] * 9 + [1] * 11


@dataclass(frozen=True)
class Opened:
    """The ids of what is there."""

    area: str
    round: str
    project: str
    number: str


def declare_result(session: Session, round: Round) -> Notice:
    """Declare the result of a round that waits for the street."""
    facts = facts_of(session, round.id)
    actor = make_officer(session, area=round.area, role=Role.STREET_OFFICER).actor
    printed = Printed(
        number="2026-0001", title="关于票决结果的公示", facts="{}", pdf_digest="0" * 64,
        result_digest=digest_of(facts), publicity=publicity_of(session, facts, posted=NOW.date()),
    )  # fmt: skip
    return declare(session, now=NOW, actor=actor, round_id=round.id, printed=printed)


def make_comparison(session: Session, round: Round) -> None:
    """Work out and store what other rules would have given for a reviewed round."""
    actor = make_officer(session, area=round.area, role=Role.STREET_OFFICER).actor
    found = compare(votes_of(session, round.id))
    store_comparison(session, now=NOW, actor=actor, round_id=round.id, found=found)


def make_open_data(session: Session, keys: Keyring) -> Opened:
    """Make a declared round that is being carried out."""
    round = make_reviewed_round(
        session, keys, votes=VOTES, electors=50, days=DAYS, compare_public=True
    )
    notice = declare_result(session, round)
    make_comparison(session, round)
    make_notice(session, area=round.area, kind="plan", title="=关于“甲”的通告", now=NOW)
    round.phase = "implementing"
    session.flush()
    candidate = candidates_of(session, round.id)[0]
    actor = make_officer(session, area=round.area, role=Role.STREET_OFFICER).actor
    project = open_project(session, now=NOW, actor=actor, round=round, candidate=candidate)
    make_milestone(session, project, position=1, done_on=NOW.date(), title="材料进场")
    make_milestone(session, project, position=2)
    make_spending(session, project, amount=1_234_56)
    make_photo(session, project)
    make_entry(session, project, words="材料到了，明天开工。\n请绕行。")
    return Opened(round.area_id, round.id, project.id, notice.number)
