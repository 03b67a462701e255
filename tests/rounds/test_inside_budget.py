"""A round whose ballots keep to a sum of money is planned, changed, and taken over."""

import pytest
from sqlalchemy import select

from tests.factories.rounds import make_plan, make_round
from tests.visiting import read, submit, visit
from voting.areas.models import Area
from voting.rounds.models import Round
from voting.rounds.rules import (
    MOST_LISTED,
    BallotKind,
    SpendLimitMissing,
    SpendLimitTooHigh,
    check_plan,
    short_spending_phrase,
    spending_phrase,
)
from voting.rounds.service import plan_of

INSIDE = make_plan(ballot_kind=BallotKind.KNAPSACK, spend_limit=120_000_00, max_choices=MOST_LISTED)


@pytest.fixture
def edit(desk, database):
    with database.transaction() as session:
        area = session.get_one(Area, desk.chain.estate.id)
        round = make_round(session, area=area, plan=INSIDE)
    return f"/desk/rounds/{round.id}/edit"


def _round(database):
    with database.reading() as session:
        return session.scalars(select(Round)).one()


def _limits(round):
    return round.ballot_kind, round.spend_limit, round.max_choices


def test_a_new_round_takes_the_whole_budget_and_any_number_by_default(desk, database):
    page = visit(desk.client, f"/desk/rounds/new?area={desk.chain.estate.id}")
    answers = {
        "budget": "30", "opens_day": "2027-01-16", "help_number": "0791-86543210",
        "officer_ids": [desk.officer_id], "ballot_kind": "knapsack",
    }  # fmt: skip
    response = submit(desk.client, page, "/desk/rounds/new", **answers)
    assert _limits(_round(database)) == ("knapsack", 300_000_00, MOST_LISTED)
    assert "预算内选：选的项目合计不超过 30.00 万元；" in visit(desk.client, response.location).text


def test_the_limit_is_shown_as_it_was_entered_and_can_be_changed(desk, database, edit):
    page = visit(desk.client, edit)
    values = page.form(page.url).values
    assert (values["ballot_kind"], values["spend_limit"]) == (["knapsack"], ["12"])
    assert values["max_choices"] == [""]
    assert submit(desk.client, page, edit, spend_limit="8.05", max_choices="5").status_code == 303
    assert _limits(_round(database)) == ("knapsack", 80_500_00, 5)
    assert submit(desk.client, visit(desk.client, edit), edit, spend_limit="").status_code == 303
    assert _limits(_round(database)) == ("knapsack", 300_000_00, 5)
    # What is the whole budget follows another budget.
    page = visit(desk.client, edit)
    assert page.form(edit).values["spend_limit"] == [""]
    submit(desk.client, page, edit, budget="20", max_choices="")
    assert _limits(_round(database)) == ("knapsack", 200_000_00, MOST_LISTED)


def test_back_to_a_number_there_is_no_limit_and_a_number_that_fits(desk, database, edit):
    page = visit(desk.client, edit)
    assert submit(desk.client, page, edit, ballot_kind="approval").status_code == 303
    assert _limits(_round(database)) == ("approval", None, 10)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("31", "不能超过资金总额"), ("很多", "请填数字"), ("0", "金额要大于 0"), ("0.00000001", "最小到分")],
)  # fmt: skip
def test_a_limit_that_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    desk, database, edit, typed, said
):
    page = visit(desk.client, edit)
    wrong = read(submit(desk.client, page, edit, spend_limit=typed), status=422)
    assert said in wrong.text
    assert wrong.form(edit).values["spend_limit"] == [typed]
    assert _limits(_round(database)) == ("knapsack", 120_000_00, MOST_LISTED)


def test_the_plan_is_taken_over_by_another_round(session):
    plan = plan_of(make_round(session, plan=INSIDE))
    assert (plan.ballot_kind, plan.spend_limit, plan.max_choices) == (
        BallotKind.KNAPSACK, 120_000_00, MOST_LISTED,
    )  # fmt: skip


def test_kind_and_limit_belong_together():
    check_plan(INSIDE)
    with pytest.raises(SpendLimitMissing):
        check_plan(make_plan(ballot_kind=BallotKind.KNAPSACK))
    with pytest.raises(SpendLimitMissing):
        check_plan(make_plan(spend_limit=1))
    with pytest.raises(SpendLimitTooHigh):
        check_plan(make_plan(ballot_kind=BallotKind.KNAPSACK, spend_limit=300_000_01))


def test_what_a_ballot_keeps_to_is_said_exactly():
    assert spending_phrase(None, 10) == ""
    assert spending_phrase(300_000_00, MOST_LISTED) == "合计不超过 30.00 万元"
    assert spending_phrase(300_001_00, 3) == "合计不超过 30.0001 万元，最多 3 项"
    assert spending_phrase(8000_50, MOST_LISTED) == "合计不超过 8000.50 元"
    assert short_spending_phrase(None, 10) == ""
    assert short_spending_phrase(300_000_00, MOST_LISTED) == "最多30.00万元"
    assert short_spending_phrase(300_000_00, 5) == "最多5项、30.00万元"
