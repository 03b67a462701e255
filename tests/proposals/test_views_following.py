import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from tests.factories.areas import NOW, make_installation
from tests.factories.proposals import candidate_facts, photograph
from tests.factories.sending import decide, make_collecting_round, make_sent
from tests.rounds.statements import statements
from tests.visiting import read, submit, visit
from voting.proposals.models import Candidate, CandidateSource, Proposal
from voting.proposals.rules.sending import shown_code
from voting.rounds.models import Round

UNKNOWN = "/follow/22222-22222"


def test_the_code_leads_to_the_page_however_it_is_typed(client, mine):
    for typed in (mine.code, mine.code.lower(), f" {mine.code[:5]} {mine.code[5:]} "):
        answer = client.get("/follow", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, mine.url)
    visit(client, f"/follow/{mine.code.lower()}")


def test_what_cannot_be_a_code_is_said_kindly(client, mine):
    page = read(client.get("/follow", query_string={"code": "12\0 <b>"}), status=422)
    assert "查询码是 10 个字母和数字" in page.text
    visit(client, "/follow")


@pytest.mark.parametrize("typed", ["22222-22222", "nonsense", "ABC", "%00", "é", "x" * 300])
def test_every_unknown_code_gets_one_answer(client, mine, typed):
    page = visit(client, f"/follow/{typed}", status=404)
    assert page.text == visit(client, UNKNOWN, status=404).text
    for part in ("supplement", "appeal", "code.png"):
        assert client.get(f"/follow/{typed}/{part}").status_code == 404


def test_an_unknown_code_is_looked_for_like_a_real_one(client, mine, app):
    asked = []
    for typed in ("nonsense", "22222-22222"):
        with statements(app.extensions["voting.database"].engine) as seen:
            client.get(f"/follow/{typed}")
        asked.append(sum("follow_key" in one for one in seen))
    assert asked == [1, 1]


def test_no_search_engine_lists_these_pages(client, mine):
    for url in (mine.url, "/follow", UNKNOWN, f"{mine.url}/appeal", f"{mine.url}/code.png"):
        assert client.get(url).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get(f"/rounds/{mine.round_id}").headers


def test_nothing_personal_stands_on_the_page(client, mine):
    mine.decided("returned", by="officer-li")
    html = visit(client, mine.url).html
    for hidden in ("张桂兰", "桂兰", "13870001234", "1234", "officer-li"):
        assert hidden not in html
    assert "张*" in html


def test_the_picture_leads_back(client, mine):
    answer = client.get(f"{mine.url}/code.png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    assert code.text.endswith(mine.url)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("received", "社区收到了，还没有看"),
        ("accepted", "社区已经受理"),
        ("returned", "请按下面写的补充"),
        ("merged", "已经合并成一项一起办"),
        ("passed_on", "已经转给该办的部门"),
        ("refused", "不予受理，原因见下面"),
        ("passed", "下一步由街道联审"),
        ("review_passed", "下一步开推选大会"),
        ("review_failed", "没有通过街道联审"),
    ],
)
def test_every_state_is_said_in_plain_words(client, mine, state, said):
    with mine.database.transaction() as session:
        session.get_one(Proposal, mine.proposal_id).state = state
    assert said in visit(client, mine.url).text


def test_the_next_step_has_its_day(client, mine):
    assert "计划最晚 12月4日（周五） 有结果" in visit(client, mine.url).text
    with mine.database.transaction() as session:
        session.get_one(Round, mine.round_id).screening_until = NOW.date() + timedelta(days=9)
    assert "计划最晚 12月2日（周三） 有结果" in visit(client, mine.url).text


def test_every_decision_is_read_with_its_reason_and_its_office(client, mine):
    mine.decided("accepted", kind="acceptance", reason="", at=NOW - timedelta(hours=1))
    mine.decided("passed_on", reason="属于物业维修。", passed_to="南烟小区物业")
    text = visit(client, mine.url).text
    assert "社区受理：已受理 2026年11月23日" in text
    assert "社区初审：已转办" in text
    assert "已转给：南烟小区物业" in text
    assert "属于物业维修。" in text


def test_what_was_sent_back_is_supplemented_and_waits_again(client, mine):
    mine.decided("returned")
    page = visit(client, mine.url)
    assert f"{mine.url}/supplement" in page.links
    form = visit(client, f"{mine.url}/supplement")
    assert "请写清在几栋几单元" in form.text
    answer = submit(
        client, form, f"{mine.url}/supplement", place="3栋2单元一楼到六楼",
        photo_1=(io.BytesIO(photograph()), "a.jpg"),
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, mine.url)
    page = visit(client, mine.url)
    for said in ("待受理", "补充的内容收到了", "3栋2单元一楼到六楼", "社区初审：退回补充"):
        assert said in page.text
    assert mine.stored().state == "received"
    again = submit(client, form, f"{mine.url}/supplement")
    assert "现在不用补充" in read(again, status=409).text


def test_photographs_of_before_stay_unless_dropped(client, database, app, keys):
    digests = tuple(
        app.extensions["voting.files"].put(photograph(colour=c)) for c in ("red", "blue")
    )
    with database.transaction() as session:
        make_installation(session)
        round = make_collecting_round(session)
        sent = make_sent(session, keys, round, photos=digests)
        decide(session, sent.proposal, "returned")
    url = f"/follow/{shown_code(sent.code)}"
    form = visit(client, f"{url}/supplement")
    submit(client, form, f"{url}/supplement", drop=digests[0])
    html = visit(client, url).html
    assert digests[1] in html
    assert digests[0] not in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "请写一句话"),
        ({"reason": "长" * 501}, "最多 500 个字"),
        ({"category": "x"}, "是哪一类"),
        ({"photo_1": (io.BytesIO(b"no"), "a.jpg")}, "这个文件不是照片"),
    ],
)
def test_a_supplement_is_checked_like_a_proposal(client, mine, changes, said):
    mine.decided("returned")
    form = visit(client, f"{mine.url}/supplement")
    page = read(submit(client, form, f"{mine.url}/supplement", **changes), status=422)
    assert said in page.text
    assert mine.stored().state == "returned"


@pytest.mark.parametrize("state", ["received", "accepted", "refused"])
def test_only_what_was_sent_back_is_supplemented(client, mine, state):
    mine.decided("returned")
    form = visit(client, f"{mine.url}/supplement")
    with mine.database.transaction() as session:
        session.get_one(Proposal, mine.proposal_id).state = state
    read(submit(client, form, f"{mine.url}/supplement", title="改了"), status=409)
    assert mine.stored().title != "改了"


def became(mine, **changes):
    with mine.database.transaction() as session:
        facts = candidate_facts()
        candidate = Candidate(
            round_id=mine.round_id, title="加装无障碍扶手", category=facts.category,
            place=facts.place, sentence=facts.sentence, cost=facts.cost, beneficiaries=120, **changes,
        )  # fmt: skip
        session.add(candidate)
        session.flush()
        session.add(CandidateSource(candidate_id=candidate.id, proposal_id=mine.proposal_id))
        session.get_one(Proposal, mine.proposal_id).state = "merged"


def test_the_candidate_it_became_is_named(client, mine):
    became(mine, state="nominated")
    text = visit(client, mine.url).text
    assert "后来成了什么 加装无障碍扶手" in text
    assert "列不列入投票由推选大会定" in text


def test_once_listed_it_leads_to_the_list(client, mine):
    became(mine, state="listed", ballot_number=7)
    with mine.database.transaction() as session:
        round = session.get_one(Round, mine.round_id)
        round.phase, round.frozen_at = "vote_announced", NOW
        round.config, round.config_hash = "{}", b"hash"
    page = visit(client, mine.url)
    assert f"/rounds/{mine.round_id}#candidate-7" in page.links
    assert "7 号 加装无障碍扶手" in page.text
    assert 'id="candidate-7"' in visit(client, f"/rounds/{mine.round_id}").html


def test_a_round_that_ended_says_so(client, database, mine):
    with database.transaction() as session:
        session.get_one(Round, mine.round_id).phase = "terminated"
    assert "这一轮已经终止" in visit(client, mine.url).text
