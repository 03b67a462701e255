import hashlib
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conduct.conftest import ready_round
from tests.factories.areas import NOW, make_area
from tests.factories.conduct import count, declare, given_for
from tests.factories.roll import make_elector
from tests.factories.rounds import CLOSES, OPENS, make_plan, make_round
from tests.factories.tally import fill, open_by_two
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import seal, unseal
from voting.areas.models import Installation
from voting.ballots.rules import padded_length
from voting.clock import local_day
from voting.conduct.rules import (
    AddressNotScanned,
    CandidateAboveQuota,
    CandidateOutOfReach,
    Given,
    NoSuchStep,
    NotCounted,
    NotDeclared,
    OpeningPassed,
    PublicityRunning,
    ReasonMissing,
    RollEmpty,
    TooFewCandidates,
    find_step_to,
)
from voting.conduct.service import advance
from voting.conduct.service.freezing import freeze
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE, Actor
from voting.proposals.service import candidates_of
from voting.roll.models import Elector
from voting.roll.rules.hashing import roll_hash
from voting.rounds.models import Round
from voting.rounds.rules import MOST_LISTED, Phase
from voting.rounds.service import RulesFrozen, history_of
from voting.tally.service import count as count_urn

DAY = timedelta(days=1)


def _go(session, keys, round, to, *, now=NOW, actor=COMMAND_LINE, reason="", config=None):
    step = find_step_to(round.phase_at(now), to, paused_in=round.paused_in)
    given = Given()
    if step is not None and (step.needs_day or step.needs_file == "must"):
        usual, given = given_for(step, local_day(now))
        reason = reason or usual
    return advance(
        session,
        now=now,
        actor=actor,
        keys=keys,
        round_id=round.id,
        to=to,
        reason=reason,
        config=config,
        given=given,
    )


def test_a_round_walks_the_whole_path(any_database, session, keys):
    round = ready_round(session, keys)
    round.phase = "draft"
    for phase in ("pending_approval", "collecting", "screening", "deliberating", "shortlisted"):
        _go(session, keys, round, Phase(phase))
    _go(session, keys, round, Phase.VOTE_ANNOUNCED)
    count(session, round)
    declare(session, round, until=date(2026, 12, 18))
    _go(session, keys, round, Phase.RESULT_REVIEW, now=CLOSES)
    _go(session, keys, round, Phase.PUBLICITY, now=CLOSES + DAY)
    _go(session, keys, round, Phase.CONFIRMED, now=CLOSES + 12 * DAY)
    assert [step.after for step in history_of(session, round.id)] == [
        "pending_approval", "collecting", "screening", "deliberating", "shortlisted", "vote_announced",
        "voting", "counting", "result_review", "publicity", "confirmed",
    ]  # fmt: skip
    acts = session.scalars(select(JournalEntry.act).where(JournalEntry.object_id == round.id)).all()
    assert acts[-3:] == ["round.submit_result", "round.publish", "round.confirm"]


def test_a_candidate_that_no_ballot_can_pay_stops_the_announcement(session, keys):
    round = ready_round(session, keys)
    dearest = max(candidates_of(session, round.id), key=lambda one: one.cost)
    round.ballot_kind, round.max_choices = "knapsack", MOST_LISTED
    round.spend_limit = dearest.cost - 1
    with pytest.raises(CandidateOutOfReach, match="谁也选不了"):
        _go(session, keys, round, Phase.VOTE_ANNOUNCED)
    round.spend_limit = dearest.cost
    _go(session, keys, round, Phase.VOTE_ANNOUNCED)
    assert json.loads(round.config or "")["rules"]["spend_limit"] == dearest.cost
    round.spend_limit += 1
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_step_is_written_down_with_who_and_when(session, keys):
    round = make_round(session)
    actor = Actor("o1", "李敏", round.area.path)
    _go(session, keys, round, Phase.PENDING_APPROVAL, actor=actor)
    step = history_of(session, round.id)[0]
    assert (step.before, step.after, step.at, step.by) == ("draft", "pending_approval", NOW, "o1")
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "round.submit")).one()
    assert entry.details == '{"after":"pending_approval","before":"draft"}'


@pytest.mark.parametrize(
    ("phase", "to"),
    [
        ("draft", Phase.COLLECTING),
        ("draft", Phase.VOTE_ANNOUNCED),
        ("collecting", Phase.COLLECTING),
        ("voting", Phase.COUNTING),
        ("confirmed", Phase.TERMINATED),
        ("terminated", Phase.DRAFT),
    ],
)
def test_no_step_is_left_out(session, keys, phase, to):
    round = make_round(session, phase=phase)
    with pytest.raises(NoSuchStep):
        _go(session, keys, round, to, reason="试试")
    assert round.phase == phase


def test_another_areas_round_is_not_moved(session, keys):
    round = make_round(session)
    stranger = Actor("o", "别区", make_area(session).path)
    with pytest.raises(NotFound):
        _go(session, keys, round, Phase.PENDING_APPROVAL, actor=stranger)


def test_a_round_goes_back_and_ends_only_with_a_reason(session, keys):
    round = make_round(session, phase="pending_approval")
    for to in (Phase.DRAFT, Phase.TERMINATED):
        with pytest.raises(ReasonMissing):
            _go(session, keys, round, to, reason="  ")
    _go(session, keys, round, Phase.DRAFT, reason="资金要重新核")
    assert (round.phase, history_of(session, round.id)[0].reason) == ("draft", "资金要重新核")
    _go(session, keys, round, Phase.TERMINATED, reason="今年不办")
    assert round.phase == "terminated"


def test_a_vote_under_way_can_be_ended(session, keys, ready):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    _go(session, keys, ready, Phase.TERMINATED, now=OPENS + DAY, reason="卡印错了")
    assert ready.phase_at(CLOSES) is Phase.TERMINATED
    assert [step.after for step in history_of(session, ready.id)] == [
        "vote_announced", "voting", "terminated",
    ]  # fmt: skip


def test_the_first_missing_thing_is_the_refusal(session, keys):
    round = make_round(session, phase="shortlisted")
    with pytest.raises(TooFewCandidates):
        _go(session, keys, round, Phase.VOTE_ANNOUNCED)
    assert (round.phase, round.frozen_at) == ("shortlisted", None)
    with pytest.raises(RollEmpty):
        _go(session, keys, ready_round(session, keys, electors=0), Phase.VOTE_ANNOUNCED)


def test_a_draft_with_a_vote_in_the_past_is_not_submitted(session, keys):
    round = make_round(session)
    with pytest.raises(OpeningPassed):
        _go(session, keys, round, Phase.PENDING_APPROVAL, now=OPENS)


def test_a_candidate_that_its_categorys_money_can_never_pay_is_not_announced(session, keys, ready):
    ready.quota_engineering_money = 47_999_99
    with pytest.raises(CandidateAboveQuota):
        _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    ready.quota_engineering_money = 48_000_00
    assert _go(session, keys, ready, Phase.VOTE_ANNOUNCED).frozen_at == NOW


def test_without_a_scan_nothing_is_announced(session, keys, ready, config):
    # Another address is in force than the one that was scanned.
    session.get_one(Installation, 1).public_url = "https://other.example.cn"
    with pytest.raises(AddressNotScanned):
        _go(session, keys, ready, Phase.VOTE_ANNOUNCED, config=config)


def test_a_count_comes_before_its_review_and_a_declaration_before_publicity(session, keys, ready):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    with pytest.raises(NotCounted):
        _go(session, keys, ready, Phase.RESULT_REVIEW, now=CLOSES)
    fill(session, ready.id, ((1,), (2,), (1,)))
    open_by_two(session, ready, now=CLOSES)
    count_urn(session, now=CLOSES, keys=keys, round_id=ready.id)
    _go(session, keys, ready, Phase.RESULT_REVIEW, now=CLOSES)
    with pytest.raises(NotDeclared):
        _go(session, keys, ready, Phase.PUBLICITY, now=CLOSES)
    declare(session, ready, until=date(2026, 12, 18))
    _go(session, keys, ready, Phase.PUBLICITY, now=CLOSES)
    with pytest.raises(PublicityRunning, match="2026年12月18日"):
        _go(session, keys, ready, Phase.CONFIRMED, now=CLOSES + 5 * DAY)


def test_announcing_fixes_rules_list_roll_and_key(any_database, session, keys, ready):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    session.flush()
    session.expire_all()
    round = session.get_one(Round, ready.id)
    assert (round.phase, round.frozen_at) == ("vote_announced", NOW)
    assert round.config_hash == hashlib.sha256(round.config.encode()).digest()
    assert unseal(keys.seal_key(round.id), seal(round.seal_public, b"x", b"i"), b"i") == b"x"
    assert round.ballot_length == padded_length(
        kind="approval", max_choices=1, highest_number=3, max_points=None
    )
    electors = session.execute(select(Elector.elector_id, Elector.id_key)).all()
    assert (round.roll_count, round.roll_hash) == (2, roll_hash((e[0], e[1]) for e in electors))


def test_the_frozen_text_says_everything_a_voter_decides_on(session, keys, ready):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    said = json.loads(ready.config)
    assert said["format"] == "voting round config 1"
    assert said["round"] == {
        "id": ready.id, "title": ready.title, "area": ready.area.name, "scope": "",
    }  # fmt: skip
    assert said["candidates"][0] == {
        "number": 1, "title": "项目1", "category": "engineering", "place": "3栋、4栋楼道",
        "sentence": "给两栋楼的楼道装上扶手，老人上下楼有地方扶。", "description": "", "cost": 4800000,
        "beneficiaries": 120, "picture": None, "rival_group": None,
    }  # fmt: skip
    assert [candidate["number"] for candidate in said["candidates"]] == [1, 2, 3]
    rules = said["rules"]
    assert (rules["budget"], rules["max_choices"], rules["allocation"]) == (30000000, 1, "greedy")
    assert (rules["opens_at"], rules["closes_at"]) == (
        "2026-12-05T01:00:00Z", "2026-12-11T09:00:00Z",
    )  # fmt: skip
    assert (rules["reference_day"], rules["tie_steps"]) == (
        "2026-12-11", ["beneficiaries", "cost", "draw"],
    )  # fmt: skip
    assert said["seal_public"] == ready.seal_public.hex()
    assert (said["roll_count"], said["roll_hash"]) == (2, ready.roll_hash.hex())
    assert said["ballot_length"] == ready.ballot_length


def test_what_is_frozen_is_not_frozen_again(any_database, session, keys, ready):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    text = ready.config
    with pytest.raises(RulesFrozen):
        freeze(session, now=NOW + DAY, keys=keys, round=ready)
    session.refresh(ready)
    assert (ready.frozen_at, ready.config) == (NOW, text)


def test_who_was_struck_and_who_is_off_the_list_are_not_frozen(session, keys, ready):
    make_elector(session, ready.id, struck_at=NOW, struck_reason="搬走了")
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    assert ready.roll_count == 2


def test_a_refused_announcement_leaves_nothing_but_perhaps_a_key(database, tmp_path):
    keys = Keyring(tmp_path / "secrets")
    with database.transaction() as session:
        round = ready_round(session, keys, candidates=1)
    with pytest.raises(TooFewCandidates), database.transaction() as session:
        _go(session, keys, round, Phase.VOTE_ANNOUNCED)
    with database.reading() as session:
        kept = session.get_one(Round, round.id)
        assert (kept.phase, kept.frozen_at, kept.config) == ("shortlisted", None, None)
        assert history_of(session, round.id) == []


@pytest.mark.parametrize("column", ["budget", "max_choices", "config", "opens_at", "seal_public"])
def test_the_database_itself_keeps_what_is_frozen(any_database, session, keys, ready, column):
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    value = {"config": "{}", "opens_at": OPENS - DAY, "seal_public": bytes(32)}.get(column, 7)
    setattr(ready, column, value)
    with pytest.raises(IntegrityError):
        session.flush()


def test_help_and_office_may_still_be_corrected_in_the_table(session, keys, ready):
    # A wrong telephone number must not stay wrong for a week of voting.
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    ready.help_number = "0791-86543211"
    session.flush()


def test_a_round_of_the_first_k_may_cost_what_it_likes(session, keys, ready):
    plan = make_plan(max_choices=1)
    assert plan.allocation == "greedy"
    ready.allocation, ready.funded_count, ready.budget = "top-k", 1, 1
    _go(session, keys, ready, Phase.VOTE_ANNOUNCED)
    assert ready.phase == "vote_announced"
