from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.api.conftest import BASE, Ask, Json, addresses
from tests.factories.areas import NOW, make_area, make_chain
from tests.factories.delivery import make_project
from tests.factories.notices import make_notice
from tests.factories.open_data import Opened
from tests.factories.rounds import make_plan, make_round
from tests.secrecy.crawling import readable
from tests.visiting import visit
from voting.areas.models import Area
from voting.persistence.session import Database
from voting.rounds.rules import MOST_LISTED, BallotKind


def test_the_document_is_openapi(document: Json) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) >= {"/areas", "/rounds/{round_id}/result", "/openapi.json"}


def test_nothing_there_is_no_fault(ask: Ask) -> None:
    for name in ("areas", "rounds", "notices", "projects"):
        assert ask(f"/{name}") == {"items": [], "next": None}


def test_every_answer_is_what_the_document_promises(
    any_database: str, ask: Ask, opened: Opened, client: FlaskClient
) -> None:
    for address in addresses(opened):
        response = client.get(address)
        assert response.status_code == 200, address
        if response.mimetype == "application/json" and "openapi" not in address:
            ask(address.removeprefix(BASE))


def test_a_result_says_what_the_page_says(ask: Ask, opened: Opened, client: FlaskClient) -> None:
    found = ask(f"/rounds/{opened.round}/result")
    page = visit(client, f"/rounds/{opened.round}/result").text
    first = found["projects"][0]
    assert (first["number"], first["votes"], first["is_funded"]) == (1, 34, True)
    for line in found["projects"]:
        assert f"{line['votes']} 票，得票率 {line['share']}" in page
        assert line["sentence"] in page
    assert found["turnout"]["percent"] == "50.0%"
    assert found["turnout"]["says"] in page.replace("投票率是", "")
    assert "投票率 50.0%" in page
    spent = sum(line["cost"]["cents"] for line in found["projects"] if line["is_funded"])
    assert found["spent"] == {"cents": spent, "yuan": f"{spent // 100}.{spent % 100:02d}"}
    assert found["left"]["cents"] == found["budget"]["cents"] - spent


def test_a_result_tells_when_people_were_marked_and_no_day_of_fewer_than_ten(
    ask: Ask, opened: Opened, client: FlaskClient
) -> None:
    assert ask(f"/rounds/{opened.round}/result")["turnout"]["days"] == [
        {
            "first": "2026-11-16", "last": "2026-11-20", "marked": 14, "total": 14, "percent": "28.0%",
        },
        {
            "first": "2026-11-21", "last": "2026-11-23", "marked": 11, "total": 25, "percent": "50.0%",
        },
    ]  # fmt: skip
    table = client.get(f"{BASE}/rounds/{opened.round}/turnout.csv").data.decode("utf-8-sig")
    assert table.splitlines()[1:] == [
        "2026-11-16,2026-11-20,14,14,50,28.0%", "2026-11-21,2026-11-23,11,25,50,50.0%",
    ]  # fmt: skip
    page = visit(client, f"/rounds/{opened.round}/result").text
    framed = visit(client, f"/embed/rounds/{opened.round}/result").text
    told = "11月16日（周一）至11月20日（周五） 新登记 14 人，累计 14 人，占名册 28.0%"
    assert told in page
    assert told in framed


def test_money_and_moments_are_exact(ask: Ask, opened: Opened) -> None:
    project = ask(f"/projects/{opened.project}")
    assert project["spent"] == {"cents": 123456, "yuan": "1234.56"}
    assert project["payments"][0]["amount"]["yuan"] == "1234.56"
    assert project["opened_at"] == "2026-11-23T10:00:00+08:00"
    assert datetime.fromisoformat(project["opened_at"]) == NOW
    assert (project["milestones_done"], project["milestones_total"]) == (1, 2)
    assert [one["done_on"] for one in project["milestones"]] == ["2026-11-23", None]


def test_nobodys_name_is_among_it(opened: Opened, client: FlaskClient) -> None:
    said = " ".join(readable(client.get(address)) for address in addresses(opened))
    for name in ("周平", "南昌某建材店", "factory"):
        assert name not in said


def test_a_round_tells_its_rules(ask: Ask, opened: Opened) -> None:
    found = ask(f"/rounds/{opened.round}")
    assert found["rules"] == ["按得票从多到少安排资金，剩余资金不够的项目跳过，再看下一个"]
    assert found["phase"] == "implementing"
    assert found["has_result"] is True
    assert ask("/rounds")["items"] == [found]


def test_a_round_tells_what_its_ballots_may_choose(ask: Ask, database: Database) -> None:
    inside = make_plan(
        ballot_kind=BallotKind.KNAPSACK, spend_limit=120_000_00, max_choices=MOST_LISTED
    )
    with database.transaction() as session:
        plain = make_round(session, phase="vote_announced").id
        limited = make_round(session, phase="vote_announced", plan=inside).id
    found = ask(f"/rounds/{limited}")
    assert (found["ballot_kind"], found["max_choices"]) == ("knapsack", MOST_LISTED)
    assert found["spend_limit"] == {"cents": 120_000_00, "yuan": "120000.00"}
    found = ask(f"/rounds/{plain}")
    assert (found["ballot_kind"], found["spend_limit"]) == ("approval", None)


def test_registers_add_up(ask: Ask, opened: Opened) -> None:
    found = ask(f"/dashboards/{opened.area}")
    assert found["projects"] == {"received": 1, "done": 0, "in_hand": 1}
    for register in found.values():
        assert register["received"] == register["done"] + register["in_hand"]


def test_a_list_is_read_part_by_part_and_nothing_is_left_out(
    any_database: str, ask: Ask, database: Database, opened: Opened
) -> None:
    _many(database, opened, 5)
    for name in ("areas", "rounds", "notices", "projects"):
        _read_by_parts(ask, name)


def _read_by_parts(ask: Ask, name: str) -> None:
    whole = ask(f"/{name}?limit=100")["items"]
    assert len(whole) > 4
    read, following = [], f"{BASE}/{name}?limit=2"
    while following:
        found = ask(following.removeprefix(BASE))
        assert 0 < len(found["items"]) <= 2
        read += found["items"]
        following = found["next"]
    assert read == whole


def test_candidates_are_read_part_by_part(ask: Ask, opened: Opened) -> None:
    address = f"/rounds/{opened.round}/candidates"
    first = ask(f"{address}?limit=4")
    rest = ask(first["next"].removeprefix(BASE))
    assert [one["number"] for one in first["items"] + rest["items"]] == [1, 2, 3, 4, 5, 6]
    assert rest["next"] is None


def test_a_list_is_narrowed_to_an_area_and_a_round(
    ask: Ask, database: Database, opened: Opened
) -> None:
    with database.transaction() as session:
        other = make_chain(session).estate
        make_round(session, area=other, phase="collecting")
        make_notice(session, area=other, title="别处的")
    assert len(ask("/rounds")["items"]) == 2
    assert [one["id"] for one in ask(f"/rounds?area={opened.area}")["items"]] == [opened.round]
    assert ask(f"/notices?round={opened.round}")["items"][0]["number"] == opened.number
    assert [one["title"] for one in ask(f"/notices?area={other.id}")["items"]] == ["别处的"]
    assert ask(f"/projects?area={other.id}")["items"] == []
    assert [one["id"] for one in ask(f"/areas?area={other.id}")["items"]] == [other.id]


REFUSED = {
    422: (
        "/areas?limit=0", "/areas?limit=101", "/areas?limit=x", "/areas?limit=²", "/areas?cursor=!!",
        "/areas?cursor=W10", "/notices?cursor=WyJ4IiwieSJd", "/notices?cursor=WzEsMl0",
        "/notices?cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwieCJd",
        "/areas?cursor=WyJcdTAwMDAiXQ", "/areas?cursor=WyJcdWQ4MDAiXQ",
    ),
    404: (
        "/areas?area=nobody", "/areas?area=a%00", "/areas?area=²", "/projects?round=nobody",
        "/projects?round=a%00", "/rounds/nobody", "/rounds/nobody/result", "/rounds/nobody/candidates",
        "/projects/nobody", "/notices/2026-9999", "/dashboards/nobody",
    ),
}  # fmt: skip


def test_what_cannot_be_answered_is_a_problem_with_a_sentence(any_database: str, ask: Ask) -> None:
    for status, refused in REFUSED.items():
        for address in refused:
            found = ask(address, status=status)
            assert found["status"] == status
            assert found["detail"].endswith("。")


def test_every_error_below_api_is_a_problem(app: Flask, client: FlaskClient) -> None:
    for response, status in (
        (client.get("/api/v1/nothing"), 404),
        (client.get("/api/"), 404),
        (client.post("/api/v1/areas"), 405),
        (client.delete("/api/v1/areas"), 405),
    ):
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        assert response.get_json()["status"] == status
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers
    assert "GET" in client.post("/api/v1/areas").headers["Allow"]


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_args: object, **_values: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("voting.api.views.lists.area_part", fail)
    response = client.get("/api/v1/areas")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert b"secret" not in response.data


@pytest.mark.parametrize("kind", ["rehearsal", "loaded"])
def test_a_round_that_is_not_real_is_nowhere(
    ask: Ask, database: Database, opened: Opened, kind: str
) -> None:
    with database.transaction() as session:
        hidden = make_round(session, kind=kind, phase="voting").id
    assert hidden not in str(ask("/rounds"))
    ask(f"/rounds/{hidden}", status=404)
    ask(f"/rounds/{hidden}/candidates", status=404)


@pytest.mark.parametrize("phase", ["draft", "pending_approval"])
def test_a_round_is_seen_from_the_streets_approval_on(
    ask: Ask, database: Database, phase: str
) -> None:
    with database.transaction() as session:
        hidden = make_round(session, phase=phase).id
    assert ask("/rounds")["items"] == []
    ask(f"/rounds/{hidden}", status=404)


def test_the_list_of_candidates_is_empty_until_it_stands(ask: Ask, database: Database) -> None:
    with database.transaction() as session:
        round = make_round(session, phase="shortlisted").id
    assert ask(f"/rounds/{round}/candidates") == {"items": [], "next": None}


def _many(database: Database, opened: Opened, count: int) -> None:
    """Make more of everything; some rounds and papers share a moment."""
    with database.transaction() as session:
        parent = session.get_one(Area, opened.area)
        for number in range(count):
            area = make_area(session, parent=parent, level="community")
            make_notice(session, area=area, title=f"通告{number}")
            plan = make_plan(title=f"轮次{number}")
            round = make_round(session, area=area, phase="collecting", plan=plan)
            make_project(session, round=round, area=area)
