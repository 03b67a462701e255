"""A worker in the stairwell, with a phone and a pad of papers."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser import axe, shoot
from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.ballots import keyring, make_open_round
from tests.factories.cards import make_tested_address
from tests.factories.paper import handed_of, make_paper
from tests.paper.conftest import make_resident
from tests.serving import Server
from voting import clock
from voting.paper.models import Collection, PaperBatch
from voting.persistence.session import Database
from voting.roll.models import Participation

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Stairwell:
    """Where the page is, and the papers in the worker's hands."""

    path: str
    batch: PaperBatch


@pytest.fixture
def stairwell(database: Database, tmp_path: Path) -> Stairwell:
    """A round whose vote is on, a worker with five papers, and a household of two."""
    now = clock.now()
    with database.transaction() as session:
        keys = keyring(tmp_path / "var")
        make_tested_address(session)
        day = timedelta(days=1)
        round = make_open_round(session, keys, opens_at=now - day, closes_at=now + day)
        worker = make_officer(
            session, area=round.area, role="community_worker", sign_in_name="lisg"
        )
        batch = make_paper(session, round, 5, holder=worker, now=now)
        for name in ("王*", "李*"):
            make_resident(session, keys, round, "2单元502", name_masked=name)
        return Stairwell(f"/desk/rounds/{round.id}/roll/hand-out", batch)


def sign_in(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.get_by_label("登录名").fill("lisg")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="登录").click()


def test_two_of_a_household_get_their_papers(
    server: Server, phone: Page, database: Database, stairwell: Stairwell
) -> None:
    sign_in(phone, f"{server.url}{stairwell.path}")
    phone.get_by_label("查找居民").fill("3栋502")
    phone.get_by_role("button", name="查找").click()
    line = phone.locator("li", has=phone.locator(".name"))
    line.filter(has_text="· 王*").get_by_role("button", name="发纸质票", exact=True).click()
    phone.get_by_text("纸质票已经发给这位居民").wait_for()
    other = line.filter(has_text="· 李*")
    other.get_by_text("同户代领").click()
    other.get_by_label("由谁代领").select_option(label="王*")
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(phone, "paper-hand-out-phone")
    other.get_by_role("button", name="代领纸质票").click()
    phone.get_by_text("代领人和领取人都在登记表上签名").wait_for()
    phone.get_by_text("您手上还有 3 张纸质票").wait_for()
    with database.reading() as session:
        assert set(session.scalars(select(Participation.channel))) == {"paper_handed"}
        assert len(session.scalars(select(Collection)).all()) == 1
        assert handed_of(session, stairwell.batch) == 2
