import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.proposals import (
    make_candidate,
    make_nominated,
    make_proposal,
    pass_review,
    photograph,
)
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of, off_list, person_key
from voting.rounds.models import Appointment, Round

GOOD = {
    "title": "加装无障碍扶手",
    "sentence": "给两栋楼装扶手，老人上下楼有地方扶。",
    "category": "engineering",
    "place": "3栋、4栋楼道",
    "cost": "4.8",
    "beneficiaries": "１２０",
    "ballot_number": "",
    "description": "",
}


@pytest.fixture
def chosen(desk, database, keys):
    """The address of the form in which two ticked proposals become a candidate."""
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        ids = [make_proposal(session, keys, round, title=f"扶手{n}").id for n in range(2)]
    return f"{desk.url}/candidates/new?proposal={ids[0]}&proposal={ids[1]}"


def _merge(desk, chosen, *, file=None, **changes):
    page = visit(desk.client, chosen)
    files = {"picture": (io.BytesIO(file), "photo.jpg")} if file is not None else {}
    return submit(desk.client, page, f"{desk.url}/candidates/new", **(GOOD | changes), **files)


def _nominated(database, desk):
    with database.reading() as session:
        return off_list(session, desk.round_id)


def _make(database, keys, desk, count=1, **facts):
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        return [make_candidate(session, keys, round, **facts) for _ in range(count)]


def _listed(database, desk):
    with database.reading() as session:
        return candidates_of(session, desk.round_id)


def test_ticked_proposals_become_a_candidate(desk, database, chosen):
    page = visit(desk.client, chosen)
    assert "由 2 条建议合成 扶手" in page.text
    response = _merge(desk, chosen)
    candidate = _nominated(database, desk)[0]
    assert (response.status_code, response.location) == (
        303,
        f"{desk.url}/candidates/{candidate.id}",
    )
    assert (candidate.ballot_number, candidate.state) == (None, "nominated")
    assert (candidate.cost, candidate.beneficiaries) == (48_000_00, 120)
    shown = visit(desk.client, response.location)
    assert "“加装无障碍扶手”已成为推选候选。" in shown.text
    assert "并入 扶手1" in shown.text


def test_a_photograph_is_stored_clean_and_shown(desk, database, chosen):
    assert _merge(desk, chosen, file=photograph(size=(3000, 2000))).status_code == 303
    digest = _nominated(database, desk)[0].picture
    response = desk.client.get(f"/pictures/{digest}.jpg")
    assert (response.status_code, response.mimetype) == (200, "image/jpeg")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(response.data)).size == (960, 640)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"hello", "这个文件不是照片"),
        (photograph()[:200], "这张图片打不开"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "兼容性最佳"),
        (photograph(kind="GIF"), "这个文件不是照片"),
    ],
    ids=["text", "broken", "heic", "gif"],
)
def test_what_is_no_photograph_is_refused_with_its_sentence(desk, database, chosen, file, sentence):
    assert sentence in read(_merge(desk, chosen, file=file), status=422).text
    assert _nominated(database, desk) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "请填项目名称。"),
        ({"title": "长" * 41}, "最多 40 个字"),
        ({"sentence": ""}, "请写一句话"),
        ({"sentence": "长" * 41}, "最多 40 个字"),
        ({"sentence": "一\n二"}, "看不见的字符"),
        ({"description": "长" * 201}, "最多 200 个字"),
        ({"category": "magic"}, "不是有效的选择"),
        ({"place": ""}, "请填实施地点。"),
        ({"cost": ""}, "请填预算。"),
        ({"cost": "0"}, "金额要大于 0"),
        ({"cost": "-1"}, "请填数字"),
        ({"cost": str(10**12)}, "请填数字"),
        ({"cost": "0.0000001"}, "金额最小到分"),
        ({"cost": "30.01"}, "造价超过了本轮资金总额（30 万元）"),
        ({"cost_unit": "7"}, "不是有效的选择"),
        ({"beneficiaries": ""}, "请填大约有多少人受益。"),
        ({"beneficiaries": "-5"}, "请填数字"),
        ({"beneficiaries": "1000001"}, "请填 0 到 1000000 之间的整数。"),
        ({"beneficiaries": str(10**12)}, "请填数字"),
        ({"reason": "长" * 501}, "最多 500 个字"),
    ],
)
def test_bad_input_merges_nothing_and_gets_its_sentence(desk, database, chosen, changes, sentence):
    assert sentence in read(_merge(desk, chosen, **changes), status=422).text
    assert _nominated(database, desk) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("0", "请填 1 到 999 之间的整数。"),
        ("1000", "请填 1 到 999 之间的整数。"),
        ("一", "请填数字"),
    ],
)
def test_a_number_no_ballot_has_is_refused(desk, database, keys, number, sentence):
    candidate = _make(database, keys, desk)[0]
    url = f"{desk.url}/candidates/{candidate.id}/edit"
    page = visit(desk.client, url)
    assert sentence in read(submit(desk.client, page, url, ballot_number=number), status=422).text


def test_a_taken_number_is_refused_and_full_width_digits_are_read(desk, database, keys):
    _make(database, keys, desk, title="路灯", number=7)
    other = _make(database, keys, desk, title="扶手")[0]
    url = f"{desk.url}/candidates/{other.id}/edit"
    page = visit(desk.client, url)
    taken = read(submit(desk.client, page, url, ballot_number="7"), status=422)
    assert "7 号已经是“路灯”" in taken.text
    assert submit(desk.client, page, url, ballot_number="１２").status_code == 303
    assert [one.ballot_number for one in _listed(database, desk)] == [7, 12]


def test_without_a_tick_there_is_nothing_to_list(desk):
    assert (
        "请先在建议列表里勾选" in visit(desk.client, f"{desk.url}/candidates/new", status=409).text
    )


def test_another_rounds_proposals_cannot_be_listed(desk, database, keys):
    with database.transaction() as session:
        foreign = make_proposal(session, keys, make_round(session, phase="collecting"))
    for id in (foreign.id, "nothing", "%00"):
        visit(desk.client, f"{desk.url}/candidates/new?proposal={id}", status=404)


def test_a_candidate_is_changed_and_keeps_or_loses_its_picture(desk, database, chosen):
    _merge(desk, chosen, file=photograph())
    before = _nominated(database, desk)[0]
    url = f"{desk.url}/candidates/{before.id}/edit"
    page = visit(desk.client, url)
    assert page.form(url).values["cost"] == ["4.8"]
    assert submit(desk.client, page, url, title="换扶手", cost="5").status_code == 303
    changed = _nominated(database, desk)[0]
    assert (changed.title, changed.cost, changed.picture) == ("换扶手", 50_000_00, before.picture)
    submit(desk.client, visit(desk.client, url), url, drop_picture="y")
    assert _nominated(database, desk)[0].picture is None


def test_a_change_that_is_none_is_refused(desk, database, keys):
    candidate = _make(database, keys, desk)[0]
    url = f"{desk.url}/candidates/{candidate.id}/edit"
    page = read(submit(desk.client, visit(desk.client, url), url, cost="-3"), status=422)
    assert "请填数字" in page.text


def test_a_candidate_goes_off_the_list_and_comes_back(desk, database, keys):
    candidate = _make(database, keys, desk, title="路灯")[0]
    with database.transaction() as session:
        pass_review(session, session.get_one(Candidate, candidate.id))
    listing = f"{desk.url}/candidates"
    off = submit(desk.client, visit(desk.client, listing), f"{listing}/{candidate.id}/take-off")
    assert off.status_code == 303
    page = visit(desk.client, listing)
    assert "“路灯”已移出候选名单" in page.text
    assert _listed(database, desk) == []
    submit(desk.client, page, f"{listing}/{candidate.id}/put-back")
    assert [one.title for one in _listed(database, desk)] == ["路灯"]


def test_numbers_are_changed_together(desk, database, keys):
    one, other = _make(database, keys, desk, 2)
    url = f"{desk.url}/candidates/numbers"
    page = visit(desk.client, url)
    swap = {f"number-{one.id}": "２", f"number-{other.id}": "1"}
    assert submit(desk.client, page, url, **swap).status_code == 303
    assert [candidate.id for candidate in _listed(database, desk)] == [other.id, one.id]


@pytest.mark.parametrize("number", ["", "1", "0", "-1", "1000", "x", str(10**12), "9" * 900])
def test_numbers_that_do_not_fit_change_nothing(desk, database, keys, number):
    one, other = _make(database, keys, desk, 2)
    url = f"{desk.url}/candidates/numbers"
    changes = {f"number-{one.id}": "1", f"number-{other.id}": number}
    page = read(submit(desk.client, visit(desk.client, url), url, **changes), status=422)
    assert "编号不能重复" in page.text or "请填数字" in page.text
    assert [candidate.ballot_number for candidate in _listed(database, desk)] == [1, 2]


def test_a_frozen_list_is_shown_and_not_changed(desk, database, keys):
    candidate = _make(database, keys, desk)[0]
    edit = f"{desk.url}/candidates/{candidate.id}/edit"
    page, listing = visit(desk.client, edit), visit(desk.client, f"{desk.url}/candidates")
    with database.transaction() as session:
        round = session.get_one(Round, desk.round_id)
        round.phase, round.frozen_at = "vote_announced", NOW
        round.config, round.config_hash = "{}", b"hash"
    assert "不能再改" in read(submit(desk.client, page, edit, title="别的"), status=422).text
    refused = submit(desk.client, listing, f"{desk.url}/candidates/{candidate.id}/take-off")
    assert "不能再改" in read(refused, status=409).text
    frozen = visit(desk.client, f"{desk.url}/candidates")
    assert "候选项目不能再改" in frozen.text
    assert not [form for form in frozen.forms if "take-off" in form.action]


def test_the_list_names_who_must_not_count(desk, database, keys):
    _make(database, keys, desk, proposer="吴国强", title="路灯")
    with database.transaction() as session:
        session.add(
            Appointment(
                round_id=desk.round_id, duty="monitor", name="吴国强",
                person_key=person_key(keys, "吴国强"), slip_hash=b"slip", appointed_at=NOW,
                appointed_by="o",
            )
        )  # fmt: skip
    page = visit(desk.client, f"{desk.url}/candidates")
    assert "监票人吴国强：与 1 号“路灯”的建议人同名，要换人。" in page.text


def test_a_longer_list_asks_no_more_of_the_database(desk, database, keys, app):
    asked = []
    for more in (1, 20):
        _make(database, keys, desk, more)
        visit(desk.client, f"{desk.url}/candidates")
        with statements(app.extensions["voting.database"].engine) as seen:
            visit(desk.client, f"{desk.url}/candidates")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_a_worker_merges_and_leaves_the_list_to_others(sit, database, keys):
    desk = sit(Role.COMMUNITY_WORKER)
    listed = _make(database, keys, desk)[0]
    with database.transaction() as session:
        waiting = make_nominated(session, keys, session.get_one(Round, desk.round_id))
    page = visit(desk.client, f"{desk.url}/candidates")
    assert not re.search("take-off|numbers|meeting", " ".join(page.links))
    visit(desk.client, f"{desk.url}/candidates/{waiting.id}/edit")
    for path in (
        "candidates/numbers",
        "candidates/meeting",
        f"candidates/{listed.id}/edit",
        f"candidates/{waiting.id}/review",
    ):
        visit(desk.client, f"{desk.url}/{path}", status=403)


def test_another_rounds_candidate_is_not_found(desk, database, keys):
    with database.transaction() as session:
        foreign = make_candidate(session, keys, make_round(session, phase="collecting"))
    for id in (foreign.id, "nothing"):
        for page in ("", "/edit", "/review", "/split"):
            visit(desk.client, f"{desk.url}/candidates/{id}{page}", status=404)
    listing = visit(desk.client, f"{desk.url}/proposals")
    token = {"csrf_token": "x"}
    answer = desk.client.post(f"{desk.url}/candidates/{foreign.id}/take-off", data=token)
    assert answer.status_code in {400, 404}
    assert listing.h1 == "建议"
    with database.reading() as session:
        assert session.scalars(select(Candidate.ballot_number)).all() == [1]
