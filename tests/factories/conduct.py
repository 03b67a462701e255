"""Rounds to which nothing is missing for a step, and what an officer gives with it."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tests.factories.areas import make_installation
from tests.factories.custody import give_out_sheets, pass_gate
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import CLOSES, make_plan, make_round
from voting.adapters.keyring import Keyring
from voting.areas.models import Area
from voting.conduct.rules import Given, Step
from voting.notices.rules import write_facts
from voting.proposals.service import candidates_of
from voting.results.models import Result
from voting.results.rules import ProjectLine, ResultFacts
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Allocation, Phase, SealWay
from voting.tally.models import Tally
from voting.tally.rules.reasons import Reason

DECLARED, FIRST, LAST = date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 18)
# After the days of publicity: every step after the vote may be taken.
LATER = CLOSES + timedelta(days=10)
SCAN = "a" * 64
_MARKED = frozenset(
    {Phase.OBJECTION, Phase.VOTE_VOID, Phase.PAUSED, Phase.IMPLEMENTING, Phase.CLOSED}
)


def given_for(step: Step, today: date) -> tuple[str, Given]:
    """Return a reason and everything else a step may ask for."""
    day = date(2026, 12, 17) if step.before is Phase.PUBLICITY else today
    return "大家一致同意。", Given(
        day=day, person="王书记", file_digest=SCAN, file_name="扫描件.pdf"
    )


def result_facts(session: Session, round: Round) -> ResultFacts:
    """Return figures by which the first candidate is funded and no other."""
    lines = tuple(
        ProjectLine(
            number=one.ballot_number or 0, title=one.title, category=one.category_name, place=one.place,
            cost=one.cost, beneficiaries=one.beneficiaries, votes=9 - place, rank=place,
            reason=Reason.FUNDED if place == 1 else Reason.DOES_NOT_FIT, left_before=1_000_00,
        )
        for place, one in enumerate(candidates_of(session, round.id), 1)
    )  # fmt: skip
    return ResultFacts(
        round_id=round.id, round_title=round.title, area_name=round.area.name, scope="南烟小区",
        min_age=15, reference_day=round.reference_day, opens_at=round.opens_at, closes_at=round.closing,
        counted_at=CLOSES, min_choices=1, max_choices=1, proposals=3, merged=3, roll=2, marked=2,
        ballots=2, valid=2, blank=0, invalid=0, channels={"card": 2}, budget=round.budget,
        allocation=Allocation.GREEDY, funded_count=None, least_votes=0,
        tie_steps="beneficiaries,cost,draw", projects=lines, ties=(), urn_digest="00", draw_seed="00",
        publicity_days=5, posting_day_counts=False, answer_days=3, office_name="站南巷社区居委会",
        office_address="站前路1号", office_contact="社区服务台", help_number="0791-86543210",
        issuer="南站街道办事处", is_rehearsal=False,
    )  # fmt: skip


def count(session: Session, round: Round) -> None:
    """Say that the urn was counted."""
    session.add(
        Tally(
            round_id=round.id, counted_at=CLOSES, ballots=2, blank=0, invalid=0, urn_digest=b"u",
            draw_seed=b"d", outcome='{"channels":{}}',
        )
    )  # fmt: skip


def declare(session: Session, round: Round, *, until: date = LAST, at: datetime = CLOSES) -> None:
    """Declare a result with real figures."""
    session.add(
        Result(
            round_id=round.id, facts=write_facts(result_facts(session, round)), digest=b"d",
            prepared_at=at, declared_at=at, declared_by="o", publicity_from=FIRST, publicity_to=until,
        )
    )  # fmt: skip
    session.flush()


def make_standing(
    session: Session, keys: Keyring, phase: Phase, *, area: Area | None = None
) -> Round:
    """Make a round in a phase, to which nothing is missing for the steps from there."""
    make_installation(session)
    # While people vote, a vote is void only where monitors have lost two of their sheets.
    way = SealWay.MONITORS if phase is Phase.VOTING else SealWay.SERVER
    plan = make_plan(max_choices=1, seal_way=way)
    round = make_round(session, area=area, phase="shortlisted", plan=plan)
    for number in range(3):
        make_candidate(session, keys, round, proposer=f"建议人{number}", title=f"项目{number + 1}")
    make_elector(session, round.id)
    if way is SealWay.MONITORS:
        give_out_sheets(session, keys, round)
    else:
        pass_gate(session, keys, round)
    count(session, round)
    declare(session, round)
    if phase in _MARKED or phase.value in {"vote_announced", "voting", "counting", "result_review",
                                           "publicity", "confirmed"}:  # fmt: skip
        round.frozen_at, round.config, round.config_hash = CLOSES, "{}", b"config"
    round.phase = phase.value
    if phase is Phase.PAUSED:
        round.phase_before_pause = Phase.VOTING.value
    if phase is Phase.OBJECTION:
        made = {
            "before": "publicity",
            "after": "objection",
            "at": CLOSES,
            "by": "o",
            "act": "round.object",
        }
        session.add(PhaseChange(round_id=round.id, reason="张贴不足", day=FIRST, **made))
    session.flush()
    return round
