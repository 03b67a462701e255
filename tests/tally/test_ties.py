import hashlib

import pytest

from voting.tally.rules.counting import Candidate
from voting.tally.rules.ties import (
    ByBeneficiaries,
    ByCost,
    ByDraw,
    ById,
    Tie,
    TieBreaker,
    TieStep,
    arrange,
    find_ties,
    tie_rule,
)

SEED = bytes.fromhex("00ff00")
OURS = (ByBeneficiaries(), ByCost(), ByDraw(SEED))
A = Candidate("a", cost=500, beneficiaries=40)


def order(*candidates: Candidate, ties: tuple[TieBreaker, ...] = OURS) -> list[str]:
    votes = {candidate.id: 7 for candidate in candidates}
    return [candidate.id for candidate in arrange(candidates, votes, ties)]


def ties_of(*candidates: Candidate, ties: tuple[TieBreaker, ...] = OURS) -> tuple[Tie, ...]:
    votes = {candidate.id: 7 for candidate in candidates}
    return find_ties(arrange(candidates, votes, ties), votes, ties)


@pytest.mark.parametrize(
    ("other", "first", "step"),
    [
        pytest.param(Candidate("b", 900, 41), "b", TieStep.BENEFICIARIES, id="more beneficiaries"),
        pytest.param(Candidate("b", 499, 40), "b", TieStep.COST, id="equal, then cheaper"),
        pytest.param(Candidate("b", 501, 40), "a", TieStep.COST, id="equal, then dearer"),
        pytest.param(Candidate("b", 500, 40), "b", TieStep.DRAW, id="equal, then the lot"),
    ],
)
def test_each_step_decides_where_the_earlier_ones_do_not(
    other: Candidate, first: str, step: TieStep
) -> None:
    assert order(A, other)[0] == first
    assert ties_of(A, other)[0].decided_by == (step,)


def test_the_lot_is_what_anyone_computes_from_the_published_bytes() -> None:
    candidates = [Candidate(id, 1) for id in ("p1", "p2", "社区-3", "p4")]
    by_hand = sorted(
        candidates,
        key=lambda c: hashlib.sha256(b"\x00\xff\x00" + b"\x00" + c.id.encode("utf-8")).hexdigest(),
    )
    assert order(*candidates, ties=(ByDraw(SEED),)) == [candidate.id for candidate in by_hand]


def test_the_lot_of_one_candidate_is_these_very_bytes() -> None:
    digest = "b0696841eee7e4e7df1ea401e56664d36b883c824415384853e070afa682ba1c"
    assert ByDraw(b"seed").key(Candidate("7", 0))[1].hex() == digest


def test_another_seed_gives_another_order() -> None:
    candidates = [Candidate(str(number), 1) for number in range(20)]
    assert order(*candidates, ties=(ByDraw(b"1"),)) != order(*candidates, ties=(ByDraw(b"2"),))


def test_ids_go_by_code_point_not_by_alphabet_or_number() -> None:
    ids = ["é", "a", "B", "10", "9", "\U0001f600", "\uffff"]
    ordered = order(*(Candidate(id, 1) for id in ids), ties=(ById(),))
    assert ordered == ["10", "9", "B", "a", "é", "\uffff", "\U0001f600"]


def test_a_group_names_the_step_between_each_two_neighbours() -> None:
    group = (Candidate("c", 9, 1), Candidate("b", 5, 1), Candidate("a", 5, 1), Candidate("d", 9, 2))
    ties = (ByBeneficiaries(), ByCost(), ById())
    assert ties_of(*group, ties=ties) == (
        Tie(
            votes=7,
            candidates=("d", "a", "b", "c"),
            decided_by=(TieStep.BENEFICIARIES, TieStep.ID, TieStep.COST),
        ),
    )


def test_before_the_draw_a_full_tie_is_undecided() -> None:
    before = tie_rule("beneficiaries,cost", b"")
    assert ties_of(A, Candidate("b", 500, 40), ties=before)[0].decided_by == (TieStep.UNDECIDED,)


def test_different_votes_are_no_tie() -> None:
    candidates = [A, Candidate("b", 500, 40)]
    votes = {"a": 6, "b": 7}
    arranged = arrange(candidates, votes, OURS)
    assert [candidate.id for candidate in arranged] == ["b", "a"]
    assert find_ties(arranged, votes, OURS) == ()


def test_the_steps_of_a_round_are_read_from_their_names() -> None:
    assert tie_rule("beneficiaries, cost,draw", SEED) == OURS
    assert tie_rule("id", b"") == (ById(),)


@pytest.mark.parametrize("steps", ["age", "undecided"])
def test_other_steps_are_refused(steps: str) -> None:
    with pytest.raises(ValueError, match=steps):
        tie_rule(steps, b"")
