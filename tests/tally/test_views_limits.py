"""What officers see of a count whose round declared quotas, rivals or thresholds."""

import pytest
from sqlalchemy import select

from tests.factories.accounts import sit_down
from tests.factories.ballots import keyring, make_listed_elector
from tests.factories.tally import make_closed_round, make_openers, open_by_two
from tests.visiting import read, submit, visit
from voting.notices.models import Notice
from voting.tally.holder import count_apart


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def counted(app, client, database, keys):
    """Count a round and sit its street's officer down: ``counted(least_turnout=500)`` gives its address."""

    def make(**changes):
        with database.transaction() as session:
            round = make_closed_round(session, keys, phase="counting", **changes)
            for _ in range(4):
                make_listed_elector(session, round.id)
            open_by_two(session, round)
            officer = make_openers(session, round.area, 3)[2]
            round_id = round.id
        with app.app_context():
            count_apart(round_id)
        sit_down(client, database, officer)
        return f"/desk/rounds/{round_id}"

    return make


def test_too_low_a_turnout_is_said_and_its_result_goes_no_further(client, counted):
    url = counted(least_turnout=500)
    page = visit(client, f"{url}/count")
    said = "名册 4 人，已登记投票 0 人，没有达到最低投票率 50%，没有项目入选，投票无效。"
    assert said in page.text
    assert "请街道回到轮次页面办“投票无效”" in page.text
    assert "把计票结果送街道审定" not in page.text
    page = visit(client, url)
    assert "投票率没有达到最低投票率 50%（名册 4 人，已登记投票 0 人），结果不能送审。" in page.text
    assert f"{url}/steps/vote-void" in page.links
    forms = visit(client, f"{url}/steps/vote-void").forms
    token = next(one.values["csrf_token"] for one in forms if "csrf_token" in one.values)
    response = client.post(f"{url}/steps/result-review", data={"csrf_token": token})
    assert "结果不能送审" in read(response, f"{url}/steps/result-review", status=422).text


def test_a_void_vote_says_on_paper_that_too_few_took_part(client, database, counted):
    url = counted(least_turnout=500)
    form = f"{url}/steps/vote-void"
    response = submit(
        client, visit(client, form), form,
        reason="没有达到规则写明的最低投票率。", day="2026-11-23", person="王监票",
    )  # fmt: skip
    assert response.status_code == 303, read(response, form, status=response.status_code).text
    with database.reading() as session:
        paper = session.scalars(select(Notice).where(Notice.kind == "void")).one()
    assert "没有达到最低投票率 50%，没有项目入选，投票无效。" in paper.facts
    assert "得票" not in paper.facts


def test_the_count_says_what_stood_in_the_way(client, counted):
    page = visit(client, f"{counted(quota_engineering=1, rivals=(1, 2))}/count")
    assert "得票第 2 名，与已经入选的 1 号 只能入选一个，未入选。" in page.text
    assert "所属类别“工程类”的名额或资金已经用完，未入选。" in page.text


def test_a_count_that_funds_everybody_says_so(client, counted):
    assert "资金够用，得票的项目全部入选。" in visit(client, f"{counted()}/count").text
