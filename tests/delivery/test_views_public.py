from datetime import date

import pytest

from tests.factories.areas import NOW, make_chain
from tests.factories.delivery import (
    make_entry,
    make_funded,
    make_milestone,
    make_photo,
    make_project,
    make_spending,
)
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from tests.visiting import visit
from voting.delivery.models import Project, ProjectCandidate
from voting.delivery.rules.states import ProjectState
from voting.delivery.service import Wanted, desk_projects, pack, public_projects
from voting.journal.rules import COMMAND_LINE
from voting.persistence.base import new_id


@pytest.fixture
def estate(database):
    with database.transaction() as session:
        return make_chain(session).estate


def test_the_empty_list_says_what_will_come(client):
    assert "还没有项目开始实施" in visit(client, "/projects").text


def test_the_list_shows_word_bar_and_share(client, database, estate):
    with database.transaction() as session:
        project = make_project(session, area=estate, state="suspended", is_ready=True)
        make_milestone(session, project, position=3, done_on=date(2026, 11, 20))
    page = visit(client, "/projects")
    assert "建设中（停工）" in page.text
    assert "节点完成 1 / 3 · 33%" in page.text
    assert f"/projects/{project.id}" in page.links


def test_the_story_tells_everything(any_database, client, database, estate):
    with database.transaction() as session:
        project = make_project(
            session, area=estate, state="accepted", leader="王主任", target="扶手 120 米",
            unit="站南巷社区", person="周平", measure="扶手（米）", measure_before=0,
            measure_after=120,
        )  # fmt: skip
        make_milestone(session, project, planned_on=date(2026, 11, 10), done_on=date(2026, 11, 13))
        make_spending(session, project, amount=47_000_00)
        make_photo(session, project, stage="before")
        make_photo(session, project, stage="after")
        make_entry(session, project, words="全部装完了。")
    page = visit(client, f"/projects/{project.id}")
    for words in (
        "已验收（验收合格）", "王主任", "周平", "扶手 120 米", "扶手（米） · 施工前", "120",
        "晚了 3 天", "已支出 4.70 万元", "票决预算", "全部装完了。", "前后对比", "加装无障碍扶手",
    ):  # fmt: skip
        assert words in page.text, words
    assert len([img for img in page.all("img") if "/pictures/" in img.get("src", "")]) == 2


def test_rehearsals_loaded_rounds_and_what_is_packed_away_are_not_public(client, database, estate):
    with database.transaction() as session:
        hidden = [
            make_project(session, area=estate, kind="rehearsal").id,
            make_project(session, area=estate, kind="loaded").id,
        ]
        round = make_round(session, area=estate)
        first = make_project(session, round=round, title="装扶手")
        second = make_project(session, round=round, title="修台阶")
    with database.transaction() as session:
        pack(
            session, now=first.opened_at, actor=COMMAND_LINE, round_id=round.id,
            project_ids=[first.id, second.id], title="楼道改造", reason="一起做",
        )  # fmt: skip
    for id in [*hidden, second.id, "nobody", "a%00b"]:
        assert client.get(f"/projects/{id}").status_code == 404, id
    page = visit(client, "/projects")
    assert "楼道改造" in page.text
    assert "修台阶" not in page.text
    story = visit(client, f"/projects/{first.id}")
    assert "这几项选出来以后合在一起实施。" in story.text
    assert client.get(f"/projects?round={hidden[0]}").status_code == 404


def test_the_list_is_narrowed_by_word_area_round_and_words(any_database, client, database, estate):
    with database.transaction() as session:
        other = make_chain(session).estate
        building = make_project(session, area=estate, state="in_progress", title="装扶手")
        ended = make_project(session, area=other, state="terminated", title="修台阶")
    pages = {
        f"/projects?round={building.round_id}": ("装扶手", "修台阶"),
        f"/projects?area={other.id}": ("修台阶", "装扶手"),
        "/projects?word=terminated": ("修台阶", "装扶手"),
        "/projects?q=扶手": ("装扶手", "修台阶"),
        "/projects?word=nonsense&q=台阶": ("修台阶", "装扶手"),
    }
    for url, (there, absent) in pages.items():
        text = visit(client, url).text
        assert there in text, url
        assert absent not in text.replace('台阶"', ""), url
    assert "没有找到这样的项目" in visit(client, "/projects?q=喷泉").text
    assert "没有找到这样的项目" in visit(client, "/projects?q=%25").text
    for wrong in ("area=nobody", "round=nobody", "area=a%00"):
        assert client.get(f"/projects?{wrong}").status_code == 404, wrong
    assert ended.terminated_at is not None


def test_an_archived_end_still_reads_ended(client, database, estate):
    with database.transaction() as session:
        project = make_project(session, area=estate, state="terminated")
        project.state = ProjectState.ARCHIVED.value
    assert "已终止（已归档）" in visit(client, "/projects?word=terminated").text
    assert "没有找到" in visit(client, "/projects?word=accepted").text


def _many(database, estate, count):
    """Make projects in bulk: the factory's own way writes a journal entry for each."""
    with database.transaction() as session:
        round = make_round(session, area=estate)
        made = [(new_id(), make_funded(session, round).id) for _ in range(count)]
        common = {
            "round_id": round.id, "area_id": estate.id, "place": "3栋", "beneficiaries": 1,
            "budget": 100, "state": "in_progress", "opened_at": NOW, "changed_at": NOW,
        }  # fmt: skip
        session.add_all(Project(id=id, code=id, title=id, **common) for id, _ in made)
        session.flush()
        session.add_all(ProjectCandidate(project_id=id, candidate_id=one) for id, one in made)
        for id, _ in made:
            make_milestone(session, session.get_one(Project, id))
            make_spending(session, session.get_one(Project, id))
        return round.id


def test_lists_are_paged_and_ask_the_same_of_1000_as_of_10(client, database, app, estate):
    engine = app.extensions["voting.database"].engine
    counts = []
    for more in (10, 990):
        round_id = _many(database, estate, more)
        visit(client, "/projects")
        with statements(engine) as seen:
            page = visit(client, "/projects?page=1")
        counts.append(len(seen))
        with database.reading() as session, statements(database.engine) as desk:
            desk_projects(session, today=date(2026, 11, 23), wanted=Wanted(area=estate))
            public_projects(session, today=date(2026, 11, 23), page=99)
            desk_projects(session, today=date(2026, 11, 23), wanted=Wanted(round_id=round_id))
        counts.append(len(desk))
    assert counts[:2] == counts[2:], counts
    assert "第 1 页，共 20 页" in page.text
    assert len([link for link in page.links if "/projects/" in link]) == 50
