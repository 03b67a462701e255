from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.areas import NOW, make_area
from tests.public.conftest import WEEK, Town, hang_out, stand
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.areas.models import Area, FormerName
from voting.persistence.session import Database


def find(client: FlaskClient, question: str, area: str = "") -> str:
    """What the search says to a question."""
    return visit(client, f"/search?q={quote(question)}&area={area}").text


def test_a_place_is_found_by_part_of_its_name_with_what_holds_it(
    client: FlaskClient, town: Town
) -> None:
    said = find(client, "朝阳")
    assert "朝阳小区 小区 · 西湖区 南站街道 站南巷社区" in said
    assert "南烟小区" not in said


def test_a_place_is_found_by_a_name_it_carried_before(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        session.add(FormerName(area_id=town.other.id, name="桃花村", until=NOW))
    said = find(client, "桃花")
    assert "河畔社区" in said
    assert "曾用名：桃花村" in said
    assert "曾用名" in visit(client, f"/areas/{town.other.id}").text


def test_without_a_question_all_places_are_listed_estates_first(
    client: FlaskClient, town: Town
) -> None:
    said = find(client, "")
    places = [said.index(name) for name in ("南烟小区", "河畔社区", "南站街道 街道")]
    assert places == sorted(places)


def test_a_search_can_be_kept_inside_a_place(client: FlaskClient, town: Town) -> None:
    said = find(client, "", town.chain.community.id)
    assert "南烟小区" in said
    assert "河畔社区" not in said


def test_a_search_that_finds_nothing_says_what_to_do(client: FlaskClient, town: Town) -> None:
    page = visit(client, "/search?q=没有这个小区")
    assert "没有找到“没有这个小区”" in page.text
    assert "/search" in page.links


def test_on_an_empty_platform_the_search_says_whom_to_ask(client: FlaskClient) -> None:
    assert "还没有登记小区" in find(client, "")


@pytest.mark.parametrize(
    "question", ["%", "_", "\x00", "x" * 5000, "'; DROP TABLE area; --", "\u202e", "  ", "\\"]
)
def test_an_odd_question_gets_a_sound_page(
    client: FlaskClient, town: Town, question: str, any_database: str
) -> None:
    said = find(client, question)
    assert "没有找到" in said or "共 6 个地方" in said


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "２"])
def test_an_odd_page_number_shows_a_page(client: FlaskClient, town: Town, page: str) -> None:
    place = town.chain.estate.id
    for url in ("/search?", f"/areas/{place}?", f"/areas/{place}/notices?"):
        visit(client, f"{url}page={quote(page)}")


@pytest.mark.parametrize("id", ["gone", "a" * 60, "x-y"])
def test_an_unknown_place_is_not_found(client: FlaskClient, id: str) -> None:
    visit(client, f"/areas/{id}", status=404)
    visit(client, f"/areas/{id}/notices", status=404)
    visit(client, f"/search?area={id}", status=404)


def test_an_odd_place_to_search_in_is_not_found(client: FlaskClient) -> None:
    visit(client, "/search?area=" + quote("中文\x00"), status=404)


def test_a_place_lists_its_rounds_by_where_they_stand(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        for phase in ("closed", "implementing", "screening", "counting", "voting"):
            stand(session, town.chain.estate, phase, f"{phase}轮", opens=NOW - WEEK / 2)
        stand(session, town.neighbour, "voting", "邻居的")
        stand(session, town.chain.community, "collecting", "全社区的")
    said = visit(client, f"/areas/{town.chain.estate.id}").text
    order = [
        "现在可以参加", "voting轮", "等候结果", "counting轮", "正在准备", "screening轮", "正在实施",
        "implementing轮", "已经结束", "closed轮",
    ]  # fmt: skip
    places = [said.index(word) for word in order]
    assert places == sorted(places)
    assert "全社区的" in said
    assert "邻居的" not in said
    assert "邻居的" in visit(client, f"/areas/{town.chain.street.id}").text


def test_a_place_without_anything_says_so_and_whom_to_ask(client: FlaskClient, town: Town) -> None:
    page = visit(client, f"/areas/{town.other.id}")
    assert "河畔社区还没有开过" in page.text
    assert "还没有入选项目" in page.text
    assert "还没有公示和通告" in page.text
    assert "0791-86543210" in page.text
    assert "tel:0791-86543210" in page.links
    papers = visit(client, f"/areas/{town.other.id}/notices")
    assert "河畔社区还没有公示和通告" in papers.text


def test_papers_of_a_place_are_those_inside_it(
    client: FlaskClient, database: Database, town: Town
) -> None:
    with database.transaction() as session:
        hang_out(session, town.chain.estate, "2026-0001", title="南烟公示")
        hang_out(session, town.other, "2026-0002", title="河畔公示")
    said = visit(client, f"/areas/{town.chain.community.id}/notices").text
    assert "南烟公示" in said
    assert "河畔公示" not in said


def test_the_lists_of_a_place_are_paged_and_ask_as_often_however_long(
    app: Flask, client: FlaskClient, database: Database, town: Town
) -> None:
    place = town.chain.community.id
    urls = [f"/areas/{place}", f"/areas/{place}/notices", "/search?q=小区"]

    def grow(start: int, end: int) -> None:
        with database.transaction() as session:
            community = session.get_one(Area, place)
            for number in range(start, end):
                stand(session, community, "closed", f"第{number:03d}轮")
                hang_out(session, community, f"2026-{number}")
                make_area(session, parent=community, name=f"第{number:03d}小区")

    def asked() -> list[int]:
        numbers = []
        for url in urls:
            with statements(app.extensions["voting.database"].engine) as seen:
                visit(client, url)
            numbers.append(len(seen))
        return numbers

    grow(0, 10)
    visit(client, urls[0])
    few = asked()
    grow(10, 120)
    assert asked() == few
    for url in urls:
        page = visit(client, url)
        assert "第 1 页，共 3 页" in page.text
        assert "第 3 页" in visit(client, f"{url}{'&' if '?' in url else '?'}page=3").text
    assert "看全部 122 个" in visit(client, urls[0]).text
