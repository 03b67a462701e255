"""The emergency pack: what to do, the register, and papers that are a batch like any other."""

import io
import os
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.factories.accounts import make_officer, sit_down
from tests.factories.rounds import make_round
from tests.factories.tally import make_openers
from tests.factories.upkeep import DURING, make_announced
from tests.visiting import submit, visit
from voting.adapters.jobs import perform
from voting.adapters.jobs import waiting as jobs_waiting
from voting.paper.models import PaperBallot, PaperBatch
from voting.paper.rules.serials import grouped
from voting.paper.service import sheets_file
from voting.permissions import Role
from voting.upkeep.holder.minutes import _forget_packs
from voting.upkeep.jobs import HANDLERS
from voting.upkeep.service.packing import ballots_of
from voting.web.db import current_config


@pytest.fixture
def desk(client, clock, database, keys):
    """A worker, and a round whose vote is on."""
    clock.now = DURING
    with database.transaction() as session:
        round = make_announced(session, keys, electors=6)
        officer = make_officer(session, area=round.area, role=Role.COMMUNITY_WORKER, name="李敏")
        round_id = round.id
    sit_down(client, database, officer, now=DURING)
    return f"/desk/rounds/{round_id}/emergency"


def batches(database):
    with database.reading() as session:
        found = session.scalars(select(PaperBatch).order_by(PaperBatch.number)).all()
        session.expunge_all()
        return found


def test_the_pack_holds_register_forms_and_papers_of_a_batch(app, clock, database, keys, tmp_path):
    clock.now = DURING
    with database.transaction() as session:
        round_id = make_announced(session, keys, electors=30).id
    file = tmp_path / "pack.pdf"
    done = app.test_cli_runner().invoke(
        args=["upkeep", "pack", round_id, str(file), "--ballots", "3"]
    )
    assert done.exit_code == 0, done.output
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages]
    assert len(pages) == 2 + 2 + 1 + 3
    assert "停电断网时怎么办" in pages[0]
    assert [text.count("张*") for text in pages[2:4]] == [20, 10]
    assert "第 1 批" in pages[4]
    assert all("项目3" in text for text in pages[5:])
    (batch,) = batches(database)
    assert (batch.kind, batch.count, batch.state) == ("emergency", 3, "ready")
    with database.reading() as session:
        serials = session.scalars(select(PaperBallot.serial)).all()
    bare = "".join("".join(pages[5:]).split())
    assert all(grouped(serial).replace(" ", "") in bare for serial in serials)


def test_the_desk_orders_the_pack_takes_it_and_it_is_gone_a_day_later(app, client, database, desk):
    assert client.get(f"{desk}/pack.pdf").status_code == 404
    assert submit(client, visit(client, desk), f"{desk}/pack").status_code == 303
    waiting = client.get(desk)
    assert waiting.headers["Refresh"] == "3"
    assert "正在排版" in waiting.get_data(as_text=True)
    (batch,) = batches(database)
    with app.app_context():
        (job,) = jobs_waiting(database)
        assert perform(database, HANDLERS, job, clock=lambda: DURING)
        made = sheets_file(current_config().var, batch)
        assert made.stat().st_mode & 0o077 == 0
    page = visit(client, desk)
    assert "下载应急包" in page.text
    assert "应急票在第 1 批" in page.text
    with client.get(f"{desk}/pack.pdf") as answer:
        assert answer.mimetype == "application/pdf"
        assert len(PdfReader(io.BytesIO(answer.data)).pages) == 2 + 1 + 1 + 20
    # Made anew it is the same batch: no second paper bears a serial that is not in the ledger.
    assert submit(client, page, f"{desk}/pack").status_code == 303
    assert len(batches(database)) == 1
    os.utime(made, (DURING.timestamp(), (DURING - timedelta(days=2)).timestamp()))
    with app.app_context():
        _forget_packs()
    assert not made.exists()


def test_a_round_that_is_not_announced_has_no_pack(client, database, keys):
    with database.transaction() as session:
        round = make_round(session, phase="shortlisted")
        (officer,) = make_openers(session, round.area, 1)
        round_id = round.id
    sit_down(client, database, officer)
    path = f"/desk/rounds/{round_id}/emergency"
    refused = submit(client, visit(client, path), f"{path}/pack")
    assert refused.status_code == 409
    assert "不能打印应急包" in refused.get_data(as_text=True)


@pytest.mark.parametrize(("listed", "ballots"), [(0, 20), (100, 20), (101, 21), (9999, 500)])
def test_a_pack_holds_ballots_for_a_fifth_of_the_roll(listed, ballots):
    assert ballots_of(listed) == ballots
