from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.paper.models import AssistedSession
from voting.permissions import Role
from voting.persistence.session import Database
from voting.roll.models import Channel, Participation
from voting.roll.service import mark_participation


def look_for(pair, text="3栋"):
    page = visit(pair.first, f"{pair.address}/assist")
    form = next(form for form in page.forms if "text" in form.values)
    assert pair.first.post(form.action, data={**form.values, "text": text}).status_code == 303
    return visit(pair.first, f"{pair.address}/assist")


def begin(pair, place="desk"):
    page = look_for(pair)
    return submit(pair.first, page, f"{pair.address}/assist", place=place)


def confirm(pair):
    page = visit(pair.second, f"{pair.address}/assist")
    return submit(pair.second, page, f"{pair.address}/assist/confirm")


def choose(pair, choices=("1", "3")):
    page = visit(pair.first, f"{pair.address}/assist/ballot")
    return read(submit(pair.first, page, f"{pair.address}/assist/ballot", choice=list(choices)))


def ballots(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(UrnEntry.slot)).all())


def test_a_person_is_helped_from_the_search_to_the_receipt(pair, database):
    response = begin(pair, place="home")
    assert response.location == f"{pair.address}/assist/ballot"
    waiting = visit(pair.first, response.location)
    assert "还要另一位工作人员确认在场" in waiting.text
    assert pair.first.get(response.location).headers["Refresh"] == "3"
    assert confirm(pair).status_code == 303
    page = choose(pair)
    assert "您选了 2 项" in page.text
    cast = submit(pair.first, page, f"{pair.address}/assist/cast")
    assert cast.status_code == 303
    receipt = visit(pair.first, cast.location)
    assert "投票成功" in receipt.text
    assert ballots(database) == 1
    with database.reading() as session:
        assert session.scalars(select(Participation.channel)).all() == ["assisted"]
        assert session.scalars(select(AssistedSession)).all() == []


def test_the_ballot_is_large_and_leads_nowhere_but_on(pair):
    begin(pair)
    confirm(pair)
    page = visit(pair.first, f"{pair.address}/assist/ballot")
    assert page.root.get("data-size") == "elder"
    assert {link.rpartition("#")[0] or link for link in page.links} <= {
        page.url, f"{pair.address}/assist",
    }  # fmt: skip


def test_wrong_ticks_are_said_and_kept(pair):
    begin(pair)
    confirm(pair)
    page = visit(pair.first, f"{pair.address}/assist/ballot")
    many = ["1", "2", "3", "4"]
    again = read(submit(pair.first, page, page.url, choice=many), status=422)
    assert "最多只能选 3 项" in again.text
    assert sorted(again.form(page.url).values["choice"]) == many
    page = choose(pair)
    edit = next(form for form in page.forms if form.action == f"{pair.address}/assist/ballot")
    back = read(pair.first.post(edit.action, data={**edit.values, "edit": "1"}))
    assert sorted(back.form(edit.action).values["choice"]) == ["1", "3"]


def test_the_same_officer_is_not_offered_to_be_the_second(pair):
    begin(pair)
    page = visit(pair.first, f"{pair.address}/assist")
    assert "等待陪同确认" in page.text
    assert f"{pair.address}/assist/confirm" not in {form.action for form in page.forms}
    confirmed = submit(pair.first, page, f"{pair.address}/assist/cancel")
    assert confirmed.status_code == 303
    assert "正在协助" not in visit(pair.first, f"{pair.address}/assist").text


def test_a_confirm_page_that_is_sent_twice_shows_the_same_receipt(pair, database):
    begin(pair)
    confirm(pair)
    page = choose(pair)
    with pair.first.session_transaction() as browser:
        kept = browser["assist"]
    first = submit(pair.first, page, f"{pair.address}/assist/cast")
    with pair.first.session_transaction() as browser:
        browser["assist"] = kept
    second = submit(pair.first, page, f"{pair.address}/assist/cast")
    assert (second.status_code, second.location) == (303, first.location)
    assert ballots(database) == 1


def test_somebody_elses_browser_casts_nothing(pair, database):
    begin(pair)
    confirm(pair)
    page = choose(pair)
    with pair.first.session_transaction() as browser:
        kept = browser["assist"]
    own = visit(pair.second, f"{pair.address}/assist")
    token = own.form(f"{pair.address}/assist/search").values["csrf_token"]
    with pair.second.session_transaction() as browser:
        browser["assist"] = kept
    form = page.form(f"{pair.address}/assist/cast")
    answer = pair.second.post(form.action, data={**form.values, "csrf_token": token})
    assert "没有投出" in read(answer, status=409).text
    assert pair.second.get(f"{pair.address}/assist/ballot").status_code == 303
    assert ballots(database) == 0


def test_who_has_used_the_right_hears_what_to_do(pair, database):
    with database.transaction() as session:
        mark_participation(
            session, round_id=pair.helped.round.id, elector_id=pair.helped.elector_id,
            channel=Channel.CARD_HANDED, day=NOW.date(),
        )  # fmt: skip
    page = read(begin(pair), status=409)
    assert "请到“换票”交回作废" in page.text


def test_after_the_vote_the_page_only_says_so(pair, clock, database):
    clock.now += timedelta(days=7)
    sit_down(pair.first, database, pair.helped.first, now=clock.now)
    page = look_for(pair)
    assert "投票已经截止" in page.text
    assert f"{pair.address}/assist" not in {form.action for form in page.forms}


def test_a_receipt_of_another_round_or_none_is_not_found(pair):
    visit(pair.first, f"{pair.address}/assist/receipts/AAAAAAAAAAAAAAAA", status=404)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STREET_OFFICER, 200), (Role.AUDITOR, 200), (Role.COMMUNITY_WORKER, 403)],
)
def test_the_street_sees_numbers_and_never_whom(pair, app, database, role, status):
    begin(pair)
    confirm(pair)
    submit(pair.first, choose(pair), f"{pair.address}/assist/cast")
    with database.transaction() as session:
        round = pair.helped.round
        watcher = make_officer(session, area=session.merge(round.area), role=role)
    client = app.test_client()
    sit_down(client, database, watcher, now=NOW)
    answer = client.get(f"{pair.address}/assist/watch")
    assert answer.status_code == status
    if status == 200:
        page = read(answer)
        assert "协助 1 人，占全部协助的 100.0%" in page.text
        assert "计票以后才看得到" in page.text
        assert pair.helped.elector_id not in page.html
        assert "张*" not in page.text
