import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.proposals import make_candidate, make_proposal, proposal_facts
from tests.factories.rounds import make_round
from voting.adapters.keyring import Keyring
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.proposals.models import Proposal
from voting.proposals.service import (
    NotTakingProposals,
    change_proposal,
    enter_proposal,
    get_proposal,
    proposals_in,
    proposer_of,
)
from voting.proposals.service.queue import PER_PAGE
from voting.rounds.service import RulesFrozen


@pytest.fixture
def round(session):
    return make_round(session, phase="collecting")


def test_a_proposal_keeps_its_proposer_sealed(session, keys, round):
    proposal = make_proposal(session, keys, round)
    session.expire_all()
    row = session.execute(select(Proposal.__table__)).one()
    stored = "".join(str(value) for value in row)
    assert "建国" not in stored
    assert "13870001234" not in stored
    assert b"13870001234" not in (row.phone_sealed, row.phone_key)
    assert proposer_of(proposal, keys) == ("张建国", "13870001234")


def test_the_proposer_is_shown_masked(session, keys, round):
    make_proposal(session, keys, round)
    make_proposal(session, keys, round, proposer_name="王芳", phone="")
    lines = proposals_in(session, keys, round.id).lines
    assert {(line.proposer, line.phone) for line in lines} == {("张*", "138****1234"), ("王*", "")}


def test_with_another_key_nobody_reads_the_name_and_the_list_still_works(
    session, keys, round, tmp_path
):
    make_proposal(session, keys, round)
    line = proposals_in(session, Keyring(tmp_path / "other"), round.id).lines[0]
    assert (line.proposer, line.phone) == ("", "")


def test_entering_is_written_down_without_the_proposer(session, keys, round):
    proposal = make_proposal(session, keys, round)
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.idx.desc()).limit(1)).one()
    assert (entry.act, entry.object_id) == ("proposal.enter", proposal.id)
    assert entry.details == f'{{"round":"{round.id}"}}'


@pytest.mark.parametrize("phase", ["draft", "pending_approval", "terminated"])
def test_a_round_that_takes_no_proposals_gets_none(session, keys, phase):
    with pytest.raises(NotTakingProposals):
        make_proposal(session, keys, make_round(session, phase=phase))


def test_a_frozen_round_takes_no_proposal(session, keys):
    with pytest.raises(RulesFrozen):
        make_proposal(session, keys, make_round(session, phase="vote_announced"))


def test_a_round_that_does_not_exist_takes_no_proposal(session, keys):
    with pytest.raises(NotFound):
        enter_proposal(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id="x", facts=proposal_facts()
        )


def test_a_proposal_is_corrected(session, keys, round):
    proposal = make_proposal(session, keys, round)
    before = proposal.proposer_key
    change_proposal(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        keys=keys,
        proposal_id=proposal.id,
        round_id=round.id,
        facts=proposal_facts(title="加扶手", proposer_name="张健国", phone=""),
    )
    assert proposal.title == "加扶手"
    assert proposer_of(proposal, keys) == ("张健国", "")
    assert proposal.proposer_key != before
    assert proposal.phone_key is None


def test_a_paused_rounds_proposals_are_not_corrected(session, keys, round):
    proposal = make_proposal(session, keys, round)
    round.phase, round.phase_before_pause = "paused", "collecting"
    with pytest.raises(NotTakingProposals):
        change_proposal(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            proposal_id=proposal.id,
            round_id=round.id,
            facts=proposal_facts(),
        )


def test_another_rounds_proposal_is_not_found(session, keys, round):
    other = make_round(session, phase="collecting")
    proposal = make_proposal(session, keys, other)
    for id in (proposal.id, "x", "", "\x00"):
        with pytest.raises(NotFound):
            get_proposal(session, id, round_id=round.id)


def test_proposals_come_in_pages(session, keys, round):
    for number in range(PER_PAGE + 2):
        make_proposal(session, keys, round, title=f"建议{number}")
    first = proposals_in(session, keys, round.id)
    assert (len(first.lines), first.pages, first.total) == (PER_PAGE, 2, PER_PAGE + 2)
    assert len(proposals_in(session, keys, round.id, page=2).lines) == 2
    assert proposals_in(session, keys, round.id, page=10**9).page == 2


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("扶手", 1),
        ("中心花园", 1),
        ("老人多", 1),
        ("张建国", 1),
        ("张 建国", 1),
        ("张", 0),
        ("%", 0),
        ("_", 0),
        ("\\", 0),
    ],
)
def test_a_search_finds_words_and_whole_names(session, keys, round, search, found):
    make_proposal(session, keys, round)
    make_proposal(
        session, keys, round,
        title="多一些座椅", place="中心花园", reason="走累了想坐。", proposer_name="周桂兰",
    )  # fmt: skip
    assert proposals_in(session, keys, round.id, search=search).total == found


def test_the_list_says_what_became_of_a_proposal(session, keys, round):
    candidate = make_candidate(session, keys, round, number=7)
    line = proposals_in(session, keys, round.id).lines[0]
    assert line.candidate is candidate
    assert line.proposal.state == "passed"
    assert line.category_name == "工程类"
