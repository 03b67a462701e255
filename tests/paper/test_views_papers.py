"""Papers on the hand-out page, exchange, registers, late entry, and what a scan tells."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from tests.conftest import Clock
from tests.factories.ballots import make_cards
from tests.factories.paper import handed_of, make_paper, serials_of
from tests.factories.roll import make_round
from tests.paper.conftest import Desk, make_resident
from tests.visiting import read, submit, visit
from voting.adapters.keyring import Keyring
from voting.journal.models import JournalEntry
from voting.paper.document.registers import places
from voting.paper.models import Collection, LateConflict, PaperBallot, PaperBatch
from voting.paper.service import paper_address
from voting.persistence.session import Database
from voting.roll.models import Participation
from voting.roll.service import Line, hand_out, register
from voting.rounds.service import get_round


@pytest.fixture
def batch(desk: Desk, database: Database) -> PaperBatch:
    """Five papers in the worker's hands."""
    with database.transaction() as session:
        return make_paper(session, get_round(session, desk.round_id), 5, holder=desk.officer)


@pytest.fixture
def household(desk: Desk, database: Database, keys: Keyring) -> list[str]:
    """Two people behind one door."""
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        return [make_resident(session, keys, round, "2单元502") for _ in range(2)]


def look_for(desk: Desk, page: str, text: str = "3栋"):
    token = desk.visit(page).forms[0].values["csrf_token"]
    desk.client.post(desk.url(f"{page}/search"), data={"csrf_token": token, "text": text})
    return desk.visit(page)


def marks(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return dict(session.execute(select(Participation.elector_id, Participation.channel)).all())


def hand(desk: Desk, status: int = 303, **fields: str):
    page = desk.visit("/roll/hand-out")
    token = page.forms[0].values["csrf_token"]
    answer = desk.client.post(page.url, data={"csrf_token": token, "medium": "paper", **fields})
    if status != 303:
        return read(answer, status=status)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return visit(desk.client, answer.location)


def test_a_worker_hands_a_paper_to_one_and_takes_one_along_for_the_other(
    desk: Desk, batch: PaperBatch, household: list[str], database: Database
) -> None:
    page = look_for(desk, "/roll/hand-out")
    assert "您手上还有 5 张纸质票" in page.text
    assert page.text.count("发纸质票") >= 2
    assert page.text.count("同户代领") == 2
    page = hand(desk, elector_id=household[0])
    assert "纸质票已经发给这位居民" in page.text
    page = hand(desk, elector_id=household[1], taker_id=household[0])
    assert "代领人和领取人都在登记表上签名" in page.text
    assert "您手上还有 3 张" in page.text
    assert set(marks(database).values()) == {"paper_handed"}
    with database.reading() as session:
        assert session.scalars(select(Collection.taker_id)).all() == [household[0]]
        assert handed_of(session, batch) == 2


def test_a_paper_is_taken_back_the_same_day(
    desk: Desk, batch: PaperBatch, household: list[str], database: Database
) -> None:
    look_for(desk, "/roll/hand-out")
    hand(desk, elector_id=household[0])
    page = desk.send("/roll/hand-out", "/roll/hand-out/undo", reason="returned")
    assert "已撤销" in page.text
    assert marks(database) == {}
    with database.reading() as session:
        assert handed_of(session, batch) == 0


def test_without_papers_the_page_says_where_to_get_some(
    desk: Desk, household: list[str], database: Database
) -> None:
    page = look_for(desk, "/roll/hand-out")
    assert "您名下没有可以发的纸质票" in page.text
    assert "发纸质票" not in [form.values.get("medium") for form in page.forms]
    refused = hand(desk, 409, elector_id=household[0])
    assert "请先到“纸质票”里领一本" in refused.text
    assert marks(database) == {}


def test_a_round_of_cards_alone_has_the_page_it_always_had(
    desk: Desk, database: Database, keys: Keyring
) -> None:
    with database.transaction() as session:
        area = get_round(session, desk.round_id).area_id
        round = make_round(session, frozen=True, channels="card", area_id=area)
        make_resident(session, keys, round, "502")
    cards = replace(desk, round_id=round.id)
    page = look_for(cards, "/roll/hand-out")
    assert "发卡登记" in page.text
    assert "纸质票" not in page.text
    assert "没有这种投票方式" in hand(cards, 409, elector_id="nobody").text
    assert "没有纸质票" in cards.visit("/paper").text


def test_a_card_is_exchanged_for_a_paper(
    desk: Desk, batch: PaperBatch, household: list[str], database: Database, keys: Keyring,
    clock: Clock,
) -> None:  # fmt: skip
    with database.transaction() as session:
        hand_out(session, now=clock.now, round_id=desk.round_id, elector_id=household[0])
        (card,) = make_cards(session, keys, desk.round_id)
    page = look_for(desk, "/paper/exchange")
    link = next(link for link in page.links if household[0] in link)
    page = visit(desk.client, link)
    action = desk.url("/paper/exchange?page=1")
    wrong = submit(desk.client, page, action, given="123456788", after="paper_handed")
    shown = read(wrong, status=422)
    assert "没有找到这张卡或这张票" in shown.text
    assert "123456788" in shown.html
    done = submit(desk.client, page, action, given=card.short_code, after="paper_handed")
    assert done.status_code == 303
    assert "请给居民一张纸质票" in visit(desk.client, done.location).text
    assert marks(database) == {household[0]: "paper_handed"}
    again = submit(desk.client, page, action, given=card.short_code, after="assisted")
    assert again.status_code == 422


def test_a_signed_register_is_entered_late_and_conflicts_are_answered(
    desk: Desk, batch: PaperBatch, household: list[str], database: Database, keys: Keyring,
    clock: Clock,
) -> None:  # fmt: skip
    with database.transaction() as session:
        hand_out(session, now=clock.now, round_id=desk.round_id, elector_id=household[0])
        lines = register(session, keys=keys, round_id=desk.round_id)
    first = [line.elector_id for line in lines].index(household[0]) + 1
    odd = desk.send("/paper/late", status=422, lines="一号", given=desk.officer.id)
    assert "一号" in odd.html
    page = desk.send("/paper/late", lines="1-2 9", given=desk.officer.id)
    assert "登记了 1 人" in page.text
    assert f"列在下面等着查明：{first}" in page.text
    assert "没有登记：9" in page.text
    assert "1 条还没有查明" in page.text
    assert sorted(marks(database).values()) == ["card_handed", "paper_handed"]
    with database.reading() as session:
        conflict = session.scalars(select(LateConflict)).one()
        assert (conflict.medium, conflict.used_by) == ("paper", "card_handed")
        # Who had voted otherwise signed for a paper as well: it is out, and the sheet knows.
        assert handed_of(session, batch) == 2
    answered = desk.send(f"/paper/late/{conflict.id}", answer="重复领票，票已经收回作废")
    assert "0 条还没有查明" in answered.text
    assert "票已经收回作废" in answered.text
    desk.visit("/paper/late/nothing", status=404)
    with database.reading() as session:
        acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
        told = " ".join(session.scalars(select(JournalEntry.details)))
    assert acts[-2:] == ["paper.late", "paper.answer"]
    assert not any(one in told for one in household)


def test_late_papers_beyond_a_workers_bundles_are_all_refused(
    desk: Desk, batch: PaperBatch, database: Database, keys: Keyring
) -> None:
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        for _ in range(6):
            make_resident(session, keys, round)
    page = desk.send("/paper/late", status=409, lines="1-6", given=desk.officer.id)
    assert "名下没有可以发的纸质票" in page.text
    assert marks(database) == {}


def test_registers_are_printed_by_building_and_unit(
    desk: Desk, household: list[str], database: Database, keys: Keyring
) -> None:
    with database.transaction() as session:
        round = get_round(session, desk.round_id)
        make_resident(session, keys, round, building="阳光小学", basis="study")
    page = desk.visit("/paper/registers")
    assert "阳光小学学习1" in page.text
    action = desk.url("/paper/registers/place.pdf")
    token = next(form for form in page.forms if form.action.endswith("place.pdf")).values[
        "csrf_token"
    ]

    def printed(number: str) -> str:
        with desk.client.post(action, data={"csrf_token": token, "number": number}) as answer:
            return str(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text())

    text = printed("1")
    for said in ("选票发放登记表", "3栋", "2单元502", "代领人签名", "不记选票编号"):
        assert said in text
    assert "阳光小学" in printed("2")
    for number in ("0", "3", "x", ""):
        missing = desk.client.post(action, data={"csrf_token": token, "number": number})
        assert missing.status_code == 404
    for form, said in (("mobile", "流动票箱登记表"), ("spoiled", "作废选票登记表")):
        with desk.client.get(desk.url(f"/paper/registers/{form}.pdf")) as answer:
            pages = PdfReader(io.BytesIO(answer.data)).pages
            assert said in pages[0].extract_text()
            assert len(pages) == 1
    assert desk.client.get(desk.url("/paper/registers/other.pdf")).status_code == 404


def test_a_scanned_paper_says_genuine_and_whether_it_is_back(
    desk: Desk, batch: PaperBatch, database: Database, keys: Keyring
) -> None:
    with database.reading() as session:
        serial = serials_of(session, batch)[0]
    facts = {"round_id": desk.round_id, "version": 1, "serial": serial}
    address = paper_address(keys.card_key(), "https://vote.example.cn", **facts)  # type: ignore[arg-type]  # as named
    path = address.removeprefix("HTTPS://VOTE.EXAMPLE.CN")
    for one in (path, path.lower()):
        page = visit(desk.client, one)
        assert "真票，未计入" in page.text
        assert serial not in page.text
    with database.transaction() as session:
        session.execute(
            update(PaperBallot).where(PaperBallot.serial == serial).values(state="returned")
        )
    assert "真票，已收回" in visit(desk.client, path).text
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    for one in (forged, "/b/x", path.replace("-1-", "-2-"), f"/b/{'9' * 300}"):
        assert "不是本平台印的票" in visit(desk.client, one, status=404).text


def test_a_place_with_many_people_is_printed_in_parts() -> None:
    line = Line("e", "3栋", "501", "张*", "3699**********1234", "居住", None, None)
    found = places([line] * 401 + [replace(line, basis="学习", building="阳光小学", room="")])
    assert [(one.name, one.part, len(one.people)) for one in found] == [
        ("3栋", 1, 200), ("3栋", 2, 200), ("3栋", 3, 1), ("阳光小学", 0, 1),
    ]  # fmt: skip
    assert found[2].people[0].number == 401


def test_papers_of_another_round_or_area_are_not_found(desk: Desk, client) -> None:
    for path in ("", "/new", "/mine", "/late", "/registers", "/exchange", "/sample.pdf"):
        assert client.get(f"/desk/rounds/nothing/paper{path}").status_code == 404
