"""Witnesses: who is on the list, what is sent to them, and that no failing server stops the ledger."""

import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from tests.factories.accounts import make_officer, sit_down
from tests.factories.ballots import NOW, make_open_round
from tests.factories.tally import fill, head_of
from tests.visiting import read, submit, visit
from voting.adapters.mail import MailFailed
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.ledger import holder
from voting.ledger.models import MOST_WITNESSES
from voting.ledger.rules.statements import OddAddress
from voting.ledger.service import (
    TooManyWitnesses,
    WitnessThere,
    add_witness,
    remove_witness,
    witnesses_of,
)
from voting.rounds.models import Round


def add(session, round_id, typed):
    return add_witness(session, now=NOW, actor=COMMAND_LINE, round_id=round_id, typed=typed)


@pytest.fixture
def round(session, keys, any_database):
    return make_open_round(session, keys)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "a@b", "a b@example.cn", "a@exa mple.cn", "a@-x.cn", "甲@example.cn", "a@example.cn\nb@x.cn",
     "a@@example.cn", "<a@example.cn>", "a@example.cn,b@example.cn", "x" * 250 + "@example.cn"],
)  # fmt: skip
def test_what_is_no_address_is_refused(session, round, typed):
    with pytest.raises(OddAddress):
        add(session, round.id, typed)


def test_witnesses_are_few_and_each_is_listed_once(session, keys, round):
    for number in range(MOST_WITNESSES):
        add(session, round.id, f" a{number}@Example.CN ")
    with pytest.raises(WitnessThere):
        add(session, round.id, "a3@example.cn")
    with pytest.raises(TooManyWitnesses):
        add(session, round.id, "b@example.cn")
    first = witnesses_of(session, round.id)[0]
    other = make_open_round(session, keys)
    with pytest.raises(NotFound):
        remove_witness(session, now=NOW, actor=COMMAND_LINE, round_id=other.id, witness_id=first.id)
    remove_witness(session, now=NOW, actor=COMMAND_LINE, round_id=round.id, witness_id=first.id)
    assert add(session, round.id, "b@example.cn").place == 1


class Mailer:
    """Takes letters, or fails as it is told."""

    def __init__(self):
        self.letters, self.refused, self.is_down = [], set(), False

    def send(self, letters):
        if self.is_down:
            raise MailFailed("ConnectionRefusedError")
        self.letters += [one for one in letters if one.to not in self.refused]
        return [one.to not in self.refused for one in letters]


@pytest.fixture
def post(monkeypatch):
    mailer = Mailer()
    monkeypatch.setattr(holder, "mailer", lambda: mailer)
    return mailer


@pytest.fixture
def round_id(app, database):
    with database.transaction() as session:
        round = make_open_round(session, app.extensions["voting.keys"])
        for name in ("a", "b"):
            add(session, round.id, f"{name}@example.cn")
        return round.id


def more(database, round_id):
    with database.transaction() as session:
        fill(session, round_id, [(1,)] * 20)


def test_each_new_checkpoint_is_sent_once(app, database, round_id, post):
    with app.app_context():
        assert (holder.checkpoint_due(), len(post.letters)) == (1, 2)
        assert (holder.checkpoint_due(), len(post.letters)) == (0, 2)
        more(database, round_id)
        assert (holder.checkpoint_due(), len(post.letters)) == (1, 4)
    with database.reading() as session:
        head = head_of(session, round_id)
    assert [one.to for one in post.letters] == ["a@example.cn", "b@example.cn"] * 2
    assert post.letters[-1].file_text == head.note
    assert head.root.hex()[:4] in post.letters[-1].text


def test_a_failing_server_stops_nothing_and_is_tried_again(app, database, round_id, post, caplog):
    post.is_down = True
    with app.app_context(), caplog.at_level(logging.INFO):
        assert holder.checkpoint_due() == 1
        assert "could be sent" in caplog.text
        post.is_down, post.refused = False, {"b@example.cn"}
        assert holder.checkpoint_due() == 0
        post.refused = set()
        holder.checkpoint_due()
    assert [one.to for one in post.letters] == ["a@example.cn", "b@example.cn"]
    assert "@" not in caplog.text


def test_a_checkpoint_is_brought_to_a_folder(runner, database, round_id, tmp_path):
    made = runner.invoke(args=["ledger", "send", round_id, "--to", str(tmp_path)])
    assert made.exit_code == 0, made.output
    with database.reading() as session:
        head = head_of(session, round_id)
    (file,) = tmp_path.glob("checkpoint-*.txt")
    assert file.read_text("utf-8") == head.note


def test_commands_that_cannot_send_say_so_in_one_line(runner, round_id, tmp_path):
    for args in ([round_id], [round_id, "--to", str(tmp_path / "no" / "such")], ["a" * 26]):
        failed = runner.invoke(args=["ledger", "send", *args])
        assert failed.exit_code == 1
        assert len(failed.stderr.strip().splitlines()) == 1
        assert "Traceback" not in failed.output


def test_the_command_sends_what_waits(app, runner, round_id, post, monkeypatch):
    monkeypatch.setattr("voting.ledger.commands.mailer", lambda: post)
    assert "寄出 2 封" in runner.invoke(args=["ledger", "send", round_id]).output
    assert "寄出 0 封" in runner.invoke(args=["ledger", "send", round_id]).output


ROLES = ("community_worker", "community_secretary", "street_officer", "district_observer", "auditor",
         "administrator")  # fmt: skip
MAY_SIGN = {"community_secretary", "street_officer"}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_look_at_the_desks_page_and_who_may_act(client, database, round_id, role):
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        officer = make_officer(session, area=area, role=role)
    sit_down(client, database, officer, now=NOW)
    page = visit(client, f"/desk/rounds/{round_id}/ledger")
    may = role in MAY_SIGN
    assert ("a@example.cn" in page.text) == may
    token = visit(client, "/password").form("/password").values["csrf_token"]
    for act in ("checkpoint", "witnesses"):
        place = f"/desk/rounds/{round_id}/ledger/{act}"
        data = {"csrf_token": token, "address": "c@example.cn"}
        assert client.post(place, data=data).status_code == (303 if may else 403)
    place = f"/desk/rounds/{round_id}/ledger/checkpoint"
    assert (place in [form.action for form in page.forms]) == may


@pytest.fixture
def desk(client, database, round_id):
    """The secretary before the page of the ledger."""
    with database.transaction() as session:
        area = session.get_one(Round, round_id).area
        officer = make_officer(session, area=area, role="community_secretary")
    sit_down(client, database, officer, now=NOW)
    return client, f"/desk/rounds/{round_id}/ledger"


def test_the_desk_signs_and_keeps_the_list(desk):
    client, place = desk
    page = visit(client, place)
    assert "还没有封存过" in page.text
    answer = submit(client, page, f"{place}/checkpoint")
    assert "已封存到第 1 条" in visit(client, answer.location).text
    answer = submit(client, visit(client, place), f"{place}/witnesses", address="c@example.cn")
    page = visit(client, answer.location)
    assert "c@example.cn" in page.text
    removal = next(form.action for form in page.forms if form.action.endswith("/removal"))
    page = visit(client, submit(client, page, removal).location)
    assert "a@example.cn" not in page.text


def test_a_wrong_address_comes_back_with_its_sentence(desk):
    client, place = desk
    answer = submit(client, visit(client, place), f"{place}/witnesses", address="c at example")
    page = read(answer, status=422)
    assert "邮箱地址不对" in page.text
    assert "c at example" in page.html


def add_at_once(database, round_id, number):
    """Let so many officers add an address in the same moment; return the places that were taken."""
    ready = Barrier(number)

    def act(at):
        ready.wait(30)
        with database.transaction() as session, contextlib.suppress(TooManyWitnesses):
            add(session, round_id, f"w{at}@example.cn")

    with ThreadPoolExecutor(number) as officers:
        list(officers.map(act, range(number)))
    with database.reading() as session:
        return [one.place for one in witnesses_of(session, round_id)]


def test_many_who_add_at_once_fill_the_list_and_no_more(any_database, app, database, round_id):
    assert add_at_once(database, round_id, 20) == list(range(1, MOST_WITNESSES + 1))


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_without_its_key_the_list_would_hold_a_place_twice(any_database, app, database, round_id):
    with database.transaction() as session:
        session.execute(text("ALTER TABLE witness DROP CONSTRAINT uq_witness_round_id_place"))
    taken = add_at_once(database, round_id, 8)
    assert len(set(taken)) < len(taken)
