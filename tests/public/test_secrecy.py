"""How the secret is kept: the page and the handbook say the same points, each way its own."""

import re

import pytest
from sqlalchemy import text

from tests.factories.ballots import make_open_round
from tests.visiting import visit
from voting.config import ROOT
from voting.public.rules.secrecy import CHAPTERS, MONITORS, SERVER

HANDBOOK = (ROOT / "docs" / "guides" / "secrecy.md").read_text("utf-8")
POINTS = [point for chapter in CHAPTERS for point in chapter.points]


def parts(point):
    return [part for part in (point.title, point.text, point.advice) if part]


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_the_handbook_has_every_point_word_for_word_and_no_other():
    assert re.findall(r"^## (.+)$", HANDBOOK, re.MULTILINE) == [one.title for one in CHAPTERS]
    told = re.split(r"^#{2,3} ", HANDBOOK, flags=re.MULTILINE)[1:]
    told = [part for part in told if part.split("\n", 1)[1].strip()]
    for part, point in zip(told, POINTS, strict=True):
        words = [point.title, "", point.text, ""]
        words += [f"居民可以：{point.advice}", ""] if point.advice else []
        assert part.strip() == "\n".join(words).strip()


def test_the_page_without_a_round_says_every_point(client):
    said = squeezed(visit(client, "/secrecy").text)
    for point in POINTS:
        for part in parts(point):
            assert squeezed(part) in said


@pytest.mark.parametrize(("way", "other"), [(SERVER, MONITORS), (MONITORS, SERVER)])
def test_a_rounds_page_says_what_holds_for_its_way(app, client, database, way, other):
    with database.transaction() as session:
        round = make_open_round(session, app.extensions["voting.keys"])
        session.flush()
        round_id = round.id
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER round_frozen")
        connection.execute(text("UPDATE round SET seal_way = :way"), {"way": way})
    said = squeezed(visit(client, f"/rounds/{round_id}/secrecy").text)
    for point in POINTS:
        assert (squeezed(point.text) in said) == (point.way != other)


def test_what_nothing_can_prevent_is_said():
    said = squeezed(HANDBOOK)
    for honest in (
        "改程序",
        "手机被人动过手脚",
        "有人在旁边看着",
        "和两位保管人串通",
        "让网站停下来",
    ):
        assert honest in said
    weak = CHAPTERS[2].points + CHAPTERS[4].points
    assert all(point.advice for point in weak)


def test_the_round_and_the_ballot_lead_to_it(app, client, database):
    with database.transaction() as session:
        round_id = make_open_round(session, app.extensions["voting.keys"]).id
    for path in (f"/rounds/{round_id}", f"/ledger/{round_id}"):
        links = visit(client, path).links
        assert f"/rounds/{round_id}/secrecy" in links or path.startswith("/ledger")
    assert "/secrecy" in visit(client, "/privacy").links


def test_a_round_nobody_may_see_has_no_such_page(client):
    assert client.get(f"/rounds/{'a' * 26}/secrecy").status_code == 404
