"""From a tie to a declared result and a bundle that anybody verifies."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.bundle.checking import ACCEPTED, verdict, verify
from tests.factories.ballots import keyring
from tests.factories.bundles import COUNTED, count_round, make_voted_round
from tests.factories.notices import let_print
from tests.papers import running_text
from tests.tally.drawing import NUMBER, SOURCE, hall
from tests.visiting import read, submit, visit
from voting.accounts.models import Officer
from voting.clock import SHANGHAI
from voting.notices.models import Notice
from voting.rounds.models import Round
from voting.tally.models import TieDraw
from voting.tally.service import OpeningsStore

TIED = [(1, 2)] * 4 + [(1, 3)] * 2 + [(2, 4)] * 2 + [(5,)] * 3


@pytest.fixture
def tied(app, database, config, clock):
    let_print(config)
    keys = keyring(config.var)
    with database.transaction() as session:
        round = make_voted_round(
            session, keys, votes=TIED, withdrawn=None, tie_steps="draw", budget=20_000_00,
            draw_way="public", draw_source=SOURCE, publication="full",
        )  # fmt: skip
        count_round(session, keys, round, OpeningsStore(config.var / "openings", keys))
        secretary = Officer.role == "community_secretary"
        first = session.scalars(select(Officer).where(secretary)).one()
        second = session.scalars(select(Officer).where(Officer.role == "street_officer")).one()
    clock.now = COUNTED + timedelta(minutes=5)
    return hall(app, database, round, [first, second], now=clock.now)


def stored(tied, kind):
    with tied.database.reading() as session:
        return session.scalars(select(kind)).one()


def bundle(tied, client):
    answer = client.get(f"/ledger/{tied.round_id}/bundle.zip")
    raw = answer.get_data()
    answer.close()
    return raw


def test_a_tie_is_drawn_declared_and_verified(tied, clock, tmp_path):
    step = f"{tied.base}/steps/result-review"
    early = visit(tied.second, step)
    assert "有项目得票相同，谁入选要抽签决定" in early.text
    tied.announce()
    clock.now += timedelta(minutes=20)
    assert (
        tied.type(tied.first, (clock.now - timedelta(minutes=5)).astimezone(SHANGHAI)).status_code
        == 303
    )
    assert tied.confirm(tied.second).status_code == 303
    assert submit(tied.second, visit(tied.second, step), step).status_code == 303
    assert stored(tied, Round).phase == "result_review"
    result = f"{tied.base}/result"
    assert submit(tied.second, visit(tied.second, result), result).status_code == 303
    funded = json.loads(stored(tied, TieDraw).outcome)["funded"]
    public = tied.app.test_client()
    page = visit(public, f"/rounds/{tied.round_id}/result")
    other = "2" if funded == ["1"] else "1"
    assert f"{funded[0]}、{other}号得票都是6票，先后由抽签决定" in page.text.replace(" ", "")
    assert f"抽签用的公开号码是{NUMBER}（{SOURCE}，第 26318 期" in page.text
    assert "入选项目 1 个" in page.text
    assert f"{funded[0]} 号" in page.text
    done = verify(tmp_path / "b.zip", bundle(tied, public))
    assert verdict(done) == ACCEPTED, done.failure
    assert done.outcome is not None
    assert done.outcome["funded"] == funded
    assert visit(public, tied.public).text.count("已经抽签") == 1


def test_the_paper_on_the_board_says_who_is_tied_and_no_votes(tied):
    tied.announce()
    notice = stored(tied, Notice)
    pdf = tied.app.test_client().get(f"/notices/{notice.number}.pdf")
    said = running_text(pdf.data)
    for words in (
        "并列项目公开抽签的公告",
        "1号“增设第1处无障碍坡道”",
        "2号“增设第2处无障碍坡道”",
        SOURCE,
    ):
        assert words in said
    assert "3号" not in said
    assert "票，" not in said
    page = read(tied.app.test_client().get(f"/notices/{notice.number}"))
    assert "不分先后" in page.text


def test_a_vote_that_is_void_needs_no_lot(tied, clock):
    step = f"{tied.base}/steps/vote-void"
    given = {"reason": "监票人发现多收了票。", "day": f"{clock.now:%Y-%m-%d}", "person": "李梅"}
    assert submit(tied.second, visit(tied.second, step), step, **given).status_code == 303
    assert stored(tied, Round).phase == "vote_void"
    # Nobody is told of a lot that will never be drawn.
    answer = submit(tied.second, visit(tied.second, tied.path), f"{tied.path}/announcement")
    assert answer.status_code == 409
