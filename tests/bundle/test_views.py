import re

import pytest

from tests.bundle.checking import ACCEPTED, verdict
from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import keyring
from tests.factories.bundles import VOTED, count_round, declare, make_voted_round
from tests.factories.tally import make_openers
from tests.visiting import submit, visit
from verify_bundle import Verification
from voting.bundle import holder
from voting.bundle.service import make_bundle
from voting.config import ROOT
from voting.journal.models import JournalEntry
from voting.ledger.service import make_checkpoint
from voting.permissions import Role
from voting.rounds.models import Round
from voting.tally.service import OpeningsStore


@pytest.fixture
def keys(config):
    return keyring(config.var)


@pytest.fixture
def voted(database, keys, clock):
    clock.now = VOTED
    with database.transaction() as session:
        round = make_voted_round(session, keys)
        make_checkpoint(session, now=VOTED, keys=keys, round_id=round.id)
        return round


@pytest.fixture
def counted(database, keys, voted, config):
    with database.transaction() as session:
        round = session.merge(voted)
        count_round(session, keys, round, OpeningsStore(config.var / "openings", keys))
    return voted


def fetch(client, path, **headers):
    """Return an answer, read to its end: a file that is sent stays open until then."""
    response = client.get(path, headers=headers)
    response.get_data()
    response.close()
    return response


def checked(tmp_path, response):
    path = tmp_path / "b.zip"
    path.write_bytes(response.data)
    done = Verification(str(path), head=None, pure=True)
    done.run()
    return done


def test_everybody_downloads_what_the_verifier_accepts(client, voted, tmp_path):
    response = fetch(client, f"/ledger/{voted.id}/bundle.zip")
    assert response.status_code == 200
    assert response.mimetype == "application/zip"
    assert "attachment" in response.headers["Content-Disposition"]
    assert verdict(checked(tmp_path, response)) == ACCEPTED
    known = {"If-None-Match": response.headers["ETag"]}
    again = fetch(client, f"/ledger/{voted.id}/bundle.zip", **known)
    assert again.status_code == 304


def test_a_bundle_is_made_once_for_each_head(client, voted, monkeypatch, database, keys):
    made = []

    def counting(*given, **named):
        made.append(named["size"])
        return make_bundle(*given, **named)

    monkeypatch.setattr(holder, "make_bundle", counting)
    path = f"/ledger/{voted.id}/bundle.zip"
    first = [fetch(client, path) for _ in range(3)][-1]
    assert len(made) == 1
    with database.transaction() as session:
        closed = voted.closes_at
        make_checkpoint(session, now=closed, keys=keys, round_id=voted.id)
    second = fetch(client, path)
    assert len(made) == 2
    assert first.headers["ETag"] != second.headers["ETag"]


def test_the_outcome_is_in_it_once_it_is_declared(client, counted, database, tmp_path):
    path = f"/ledger/{counted.id}/bundle.zip"
    before = checked(tmp_path, fetch(client, path))
    assert verdict(before) == ACCEPTED
    assert before.outcome is None
    with database.transaction() as session:
        declare(session, counted.id)
    after = checked(tmp_path, fetch(client, path))
    assert verdict(after) == ACCEPTED
    assert after.outcome is not None


@pytest.mark.parametrize("what", ["bundle.zip", "how", "verify.html", "verify.py"])
def test_a_round_that_is_not_public_and_none_get_the_same_answer(client, database, voted, what):
    with database.transaction() as session:
        session.get_one(Round, voted.id).phase = "draft"
    answers = [fetch(client, f"/ledger/{id}/{what}") for id in (voted.id, "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_five_steps_explain_how_to_check(client, voted):
    page = visit(client, f"/ledger/{voted.id}/how")
    assert page.h1 == "怎样核对计票"
    assert len(page.all("section")) == 5
    for name in ("bundle.zip", "verify.html", "verify.py"):
        link = next(link for link in page.links if link.endswith(name))
        assert fetch(client, link).status_code == 200
    assert all(fetch(client, image.get("src")).status_code == 200 for image in page.all("img"))
    assert re.search("([0-9a-f]{4} ){3}[0-9a-f]{4}", page.text)


def test_the_verifiers_are_the_files_themselves(client, voted):
    program = fetch(client, f"/ledger/{voted.id}/verify.py")
    assert program.data == (ROOT / "verify_bundle.py").read_bytes()
    page = fetch(client, f"/ledger/{voted.id}/verify.html")
    assert page.data == (ROOT / "static/verify/verify.html").read_bytes()
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert policy.count("'sha256-") == 2


class Desk:
    def __init__(self, app, database, round_id, role=None):
        self.client = app.test_client()
        self.path = f"/desk/rounds/{round_id}/bundle"
        with database.transaction() as session:
            area = session.get_one(Round, round_id).area
            if role is None:
                officer = make_openers(session, area, 1)[0]
            else:
                officer = make_officer(session, area=area, role=role)
        sit_down(self.client, database, officer, now=VOTED)


def test_the_monitors_bundle_is_made_at_the_desk(app, database, counted, tmp_path):
    desk = Desk(app, database, counted.id)
    assert fetch(desk.client, f"{desk.path}/monitors.zip").status_code == 404
    page = visit(desk.client, desk.path)
    response = submit(desk.client, page, action=desk.path)
    assert response.status_code == 303
    page = visit(desk.client, desk.path)
    assert f"{desk.path}/monitors.zip" in page.links
    done = checked(tmp_path, fetch(desk.client, f"{desk.path}/monitors.zip"))
    assert verdict(done) == ACCEPTED
    assert done.counted == 30
    assert fetch(desk.client, f"{desk.path}/monitors.zip").status_code == 404
    with database.reading() as session:
        acts = [entry.act for entry in session.query(JournalEntry)]
    assert "bundle.monitors" in acts


def test_openings_that_are_gone_are_said_on_the_page(app, database, counted, config):
    for path in (config.var / "openings").glob("*.openings"):
        path.unlink()
    desk = Desk(app, database, counted.id)
    response = submit(desk.client, visit(desk.client, desk.path), action=desk.path)
    assert response.status_code == 409
    assert "没有本轮开箱的明细" in response.text


def test_who_opens_no_urn_gets_no_ballots(app, database, counted):
    desk = Desk(app, database, counted.id, Role.COMMUNITY_WORKER)
    for path in (desk.path, f"{desk.path}/monitors.zip"):
        assert fetch(desk.client, path).status_code == 403
