from datetime import timedelta

import pytest

from tests.factories.areas import NOW
from tests.visiting import read, submit, visit
from voting.proposals.models import Appeal


@pytest.mark.parametrize("outcome", ["refused", "passed_on", "returned", "merged"])
def test_one_appeal_within_three_working_days(client, clock, mine, outcome):
    mine.decided(outcome)
    page = visit(client, mine.url)
    assert "最后一天是 11月26日（周四）" in page.text
    form = visit(client, f"{mine.url}/appeal")
    clock.now = NOW + timedelta(days=3)
    answer = submit(client, form, f"{mine.url}/appeal", words="扶手不归物业管，楼道是公共的。")
    assert answer.status_code == 303
    page = visit(client, mine.url)
    for said in ("您已申请复核", "扶手不归物业管", "复核申请收到了"):
        assert said in page.text
    assert f"{mine.url}/appeal" not in page.links
    second = submit(client, form, f"{mine.url}/appeal", words="再来一次")
    assert "只能申请一次" in read(second, status=409).text
    with mine.database.reading() as session:
        assert session.get_one(Appeal, mine.proposal_id).against_by == "officer1"


def test_after_the_third_working_day_it_is_too_late(client, clock, mine):
    mine.decided("refused", at=NOW - timedelta(days=3))  # a Friday
    form = visit(client, f"{mine.url}/appeal")
    assert "最后一天是 11月25日（周三）" in form.text
    clock.now = NOW + timedelta(days=3)
    late = submit(client, form, f"{mine.url}/appeal", words="请再看")
    assert "11月25日，已经过了" in read(late, status=409).text
    page = visit(client, mine.url)
    assert "申请复核的期限是 11月25日（周三），已经过了" in page.text
    assert f"{mine.url}/appeal" not in page.links


@pytest.mark.parametrize(("words", "said"), [("", "请写几句"), ("长" * 301, "最多 300 个字")])
def test_an_appeal_says_why(client, mine, words, said):
    mine.decided("refused")
    form = visit(client, f"{mine.url}/appeal")
    assert said in read(submit(client, form, f"{mine.url}/appeal", words=words), status=422).text


@pytest.mark.parametrize("state", ["received", "accepted", "passed", "review_passed"])
def test_where_nothing_was_refused_there_is_nothing_to_appeal(client, mine, state):
    mine.decided("refused")
    form = visit(client, f"{mine.url}/appeal")
    mine.decided(state)
    assert "没有可以申请复核的决定" in visit(client, f"{mine.url}/appeal").text
    read(submit(client, form, f"{mine.url}/appeal", words="请再看"), status=409)


def test_nothing_is_supplemented_while_the_street_looks_again(client, mine):
    mine.decided("returned")
    form = visit(client, f"{mine.url}/supplement")
    appeal = visit(client, f"{mine.url}/appeal")
    submit(client, appeal, f"{mine.url}/appeal", words="已经写清楚了。")
    late = submit(client, form, f"{mine.url}/supplement")
    assert "等复核有了结果再补充" in read(late, status=409).text
    assert f"{mine.url}/supplement" not in visit(client, mine.url).links


@pytest.mark.parametrize(
    ("outcome", "is_upheld", "said"),
    [
        ("refused", False, "街道复核：维持原来的决定 2026年11月24日"),
        ("passed", True, "街道复核：改变原来的决定，通过初审 2026年11月24日"),
    ],
)
def test_the_answer_to_an_appeal_is_read(client, mine, outcome, is_upheld, said):
    id = mine.decided("refused")
    tomorrow, answer = NOW + timedelta(days=1), "现场看过，写在这里。"
    with mine.database.transaction() as session:
        session.add(
            Appeal(
                proposal_id=mine.proposal_id, decision_id=id, against_by="officer1", words="请再看",
                made_at=NOW, is_upheld=is_upheld, reason=answer, decided_at=tomorrow,
                decided_by="officer2",
            )
        )  # fmt: skip
    mine.decided(outcome, kind="appeal", at=tomorrow, reason=answer, by="officer2")
    text = visit(client, mine.url).text
    assert said in text
    assert text.count(answer) == 1
    assert "您申请复核 2026年11月23日 请再看" in text
    assert "officer2" not in text
