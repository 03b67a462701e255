import json

import pytest
from sqlalchemy import select

from tests.conduct.conftest import ready_round
from tests.factories.areas import NOW
from tests.factories.ballots import keyring
from tests.factories.proposals import make_candidate, make_proposal
from tests.factories.rounds import make_round
from tests.factories.tally import make_counted_round
from tests.rounds.statements import statements
from voting.conduct.rules.papers import PAPERS, left_by
from voting.conduct.rules.path import STEPS
from voting.conduct.service.papers import leave_papers
from voting.journal.rules import COMMAND_LINE
from voting.notices.models import Notice
from voting.notices.rules import PlainPaper, read_facts
from voting.proposals.models import ProposalDecision
from voting.rounds.models import PhaseChange
from voting.rounds.rules import PUBLIC

NAME, PHONE = "欧阳建国", "13912345678"
COUNTED = {"count_report", "result_draft"}
# Issued by two officers on pages of their own.
BY_TWO = {"cut", "withdrawn"}


def take(session, round, step, *, reason="理由写在这里。"):
    """Note a step and leave its papers, whatever was missing for it."""
    change = PhaseChange(
        round_id=round.id, before=step.before.value, after=step.after.value, at=NOW, by="o",
        reason=reason, act=step.act, day=NOW.date(), person="李敏",
    )  # fmt: skip
    session.add(change)
    session.flush()
    return leave_papers(session, now=NOW, actor=COMMAND_LINE, round=round, step=step, change=change)


def named(act):
    return next(step for step in STEPS if step.act == act)


def facts(notice):
    return read_facts(PlainPaper, notice.facts)


@pytest.fixture
def counted(session, config):
    """A round whose votes have been counted."""
    return make_counted_round(session, keyring(config.var))


def _id(step):
    return f"{step.before}-{step.key}-{step.after}"


@pytest.mark.parametrize("step", STEPS, ids=_id)
def test_every_step_leaves_exactly_its_papers(session, counted, step):
    left = take(session, counted, step)
    wanted = [kind for kind in left_by(step.act, step.before) if kind != "not_taken"]
    assert [notice.kind for notice in left] == wanted
    for notice in left:
        is_public = PAPERS[notice.kind].is_public and step.before in PUBLIC
        assert notice.audience == ("public" if is_public or notice.kind == "call" else "desk")
        assert notice.number.startswith("2026" if notice.audience == "public" else "内")
        assert (notice.round_id, notice.area_id) == (counted.id, counted.area_id)


def test_nothing_is_said_of_a_count_that_was_not_made(session, keys):
    round = ready_round(session, keys)
    assert not COUNTED & {one.kind for one in take(session, round, named("round.submit_result"))}


def test_a_step_taken_again_leaves_the_next_edition(session, keys):
    round = ready_round(session, keys)
    for _ in range(2):
        (notice,) = take(session, round, named("round.submit"))
    assert (notice.edition, notice.number) == (2, "内2026-0002")


def test_what_was_not_taken_is_told_with_the_office_it_went_to(session, keys):
    round = make_round(session, phase="collecting")
    proposal = make_proposal(session, keys, round, title="修下水道")
    proposal.state = "passed_on"
    session.add(
        ProposalDecision(
            proposal_id=proposal.id, kind="screening", outcome="passed_on", notes="内部说明",
            reason="这件事由水务公司负责。", passed_to="水务公司", at=NOW, by="o",
        )
    )  # fmt: skip
    session.flush()
    collected, _merged, told = take(session, round, named("round.deliberate"))
    for notice in (collected, told):
        assert "转水务公司。这件事由水务公司负责。" in notice.facts
        assert "内部说明" not in notice.facts


def test_a_merge_is_recorded_with_its_parts(session, keys):
    round = make_round(session, phase="deliberating")
    make_candidate(session, keys, round, title="加装扶手")
    merged = take(session, round, named("round.deliberate"))[1]
    assert "整理为1项" in merged.facts


def test_no_paper_names_a_proposer_an_objector_or_a_number(session, keys, counted):
    round = ready_round(session, keys)
    make_candidate(session, keys, round, proposer=NAME, phone=PHONE, title="加装扶手", number=9)
    make_proposal(session, keys, round, proposer_name=NAME, phone=PHONE)
    for step in STEPS:
        take(session, round, step)
    left = session.scalars(select(Notice).where(Notice.round_id == round.id)).all()
    assert {notice.kind for notice in left} == set(PAPERS) - COUNTED - BY_TWO - {"not_taken"}
    for notice in left:
        said = notice.facts + notice.title
        for secret in (NAME, NAME[:2], PHONE, PHONE[-4:]):
            assert secret not in said, notice.kind


def test_a_rehearsal_leaves_papers_that_say_so_and_none_in_public(session):
    round = make_round(session, kind="rehearsal", phase="collecting")
    (notice,) = take(session, round, named("round.approve"))
    assert (notice.audience, notice.number) == ("desk", "演2026-0001")
    assert facts(notice).rehearsal


def test_the_papers_are_signed_by_who_decides(session, keys):
    round = ready_round(session, keys)
    (request,) = take(session, round, named("round.submit"))
    (returned,) = take(session, round, named("round.return"))
    street = facts(request).addressee
    assert street.endswith("街道办事处")
    assert facts(request).signature.issuers == (facts(returned).addressee,)
    assert facts(returned).signature.issuers == (street,)
    assert facts(request).signature.issuers[0].endswith("社区居民委员会")


def test_a_correction_bears_the_new_days_of_publicity(session, counted):
    counted.publicity_from, counted.publicity_to = NOW.date(), NOW.date()
    asked = named("round.object")
    take(session, counted, asked, reason="12号的得票对不上。")
    answer, correction = take(session, counted, named("round.correct"), reason="改为320票。")
    assert (correction.publicity_from, correction.publicity_to) == (NOW.date(), NOW.date())
    assert "改为320票" in correction.facts
    assert "12号的得票对不上" in answer.facts
    assert "12号的得票对不上" not in correction.facts


def test_the_files_list_every_paper_of_the_round(session, counted):
    take(session, counted, named("round.submit"))
    handover = take(session, counted, named("round.close"))[1]
    listed = json.dumps(json.loads(handover.facts), ensure_ascii=False)
    assert "内2026-0001" in listed
    assert "本轮形成文件2份" in listed  # the request and the summary


def test_papers_ask_the_same_of_the_database_however_long_the_lists_are(session, keys, database):
    def asked(count):
        round = make_round(session, phase="collecting")
        for _ in range(count):
            make_proposal(session, keys, round)
        session.flush()
        session.expire_all()
        round.phase  # noqa: B018 -- loaded again before counting
        with statements(database.engine) as seen:
            take(session, round, named("round.deliberate"))
        return len(seen)

    asked(1)
    assert asked(3) == asked(40)
