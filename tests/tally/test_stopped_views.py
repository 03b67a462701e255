"""A count that a kill has stopped, as officers and the administrator see it."""

import io
import sys
from types import SimpleNamespace

import pytest

from tests.factories.ballots import keyring
from tests.factories.tally import CLOSED
from tests.tally.test_views import Desk
from tests.visiting import submit, visit
from voting.adapters import unsealing
from voting.adapters.jobs import perform, settle
from voting.adapters.sealing import unseal
from voting.persistence.jobs import Job
from voting.tally import commands
from voting.tally.jobs import HANDLERS
from voting.tally.models import Tally
from voting.tally.service import entries
from voting.tally.views import counting

BALLOTS = 12


@pytest.fixture
def desk(app, database, config, monkeypatch):
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    monkeypatch.setattr(entries, "_BATCH", 3)
    return Desk(app, database, keyring(config.var), votes=[(1,)] * BALLOTS)


def run_job(desk, database, watch=lambda _done: None):
    job = next(one for one in desk.stored(Job) if one.state == "waiting")
    with desk.app.app_context():
        perform(database, HANDLERS, job.id, clock=lambda: CLOSED, watch=watch)


def test_a_killed_job_goes_on_where_it_was_when_an_officer_asks(desk, database, monkeypatch):
    def killed(done):
        if done == 6:
            raise KeyboardInterrupt  # nothing after this runs, as after a kill

    desk.agree(desk.first)
    desk.agree(desk.second)
    with pytest.raises(KeyboardInterrupt):
        run_job(desk, database, killed)
    assert settle(database, now=CLOSED) == 1  # the service starts again
    page = visit(desk.second, desk.path)
    assert "中途停了" in page.text
    assert "请重新开始" not in page.text
    assert "从停下的地方接着开" in page.text
    opened = []

    def noted(*words):
        opened.append(words)
        return unseal(*words)

    monkeypatch.setattr(unsealing, "unseal", noted)
    assert submit(desk.second, page, f"{desk.path}/again").status_code == 303
    heard: list[int] = []
    run_job(desk, database, heard.append)
    assert heard == [3, 6, 9, 12]
    assert len(opened) == BALLOTS - 6
    assert "计票完成" in visit(desk.first, desk.path).text
    assert desk.stored(Tally)[0].ballots == BALLOTS
    assert max(job.done for job in desk.stored(Job)) == BALLOTS


def test_the_command_line_shows_a_bar_with_the_rate(app, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    moment = iter(range(0, 100, 2))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(commands, "time", SimpleNamespace(monotonic=lambda: next(moment)))
    with app.app_context(), commands._plain_bar(50_000) as progress:
        assert progress
        for done in (10_000, 20_000, 30_000):
            progress(done)
        said = terminal.getvalue()
    assert "30000/50000" in said
    assert "5000 张/秒" in said
    assert "开箱" in said
