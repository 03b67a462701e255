import hashlib
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from zxingcpp import read_barcodes

from tests.demo.conftest import NOW
from tests.visiting import read, submit, visit
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.app import create_app
from voting.areas.models import Installation
from voting.areas.service import scanned
from voting.cards.models import BallotCard, CardBatch
from voting.demo.rules.places import DESKS
from voting.demo.service import kept_password
from voting.journal.models import JournalEntry
from voting.journal.service import first_broken
from voting.persistence.base import Base
from voting.rounds.models import Round


def reading(town):
    return town.app.extensions["voting.database"].reading()


def contents(town):
    """A digest of each table: whatever changes anywhere shows."""
    found = {}
    with reading(town) as session:
        for table in Base.metadata.sorted_tables:
            rows = sorted(map(repr, session.execute(select(table)).all()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def vote_with(client, card):
    response = client.get(card["url"].partition("8000")[2])
    assert (response.status_code, response.location) == (303, "/ballot")
    page = visit(client, "/ballot")
    numbers = [box.get("value") for box in page.all("input") if box.get("name") == "choice"]
    page = read(submit(client, page, "/ballot", choice=numbers[:5]))
    response = submit(client, page, "/ballot/cast", check_code=card["check_code"])
    assert response.status_code == 303
    return visit(client, response.location)


def test_of_two_loads_at_once_one_makes_the_demo_and_the_other_finds_it(town):
    assert sorted(loaded.is_new for loaded in town.firsts) == [False, True]
    first, second = town.firsts
    assert {round.id for round in first.rounds} == {round.id for round in second.rounds}
    assert len(first.rounds) == 21


def test_the_first_round_has_a_vote_on_with_39_candidates_and_10_choices(town):
    first = town.run("rounds", "list")[0]
    assert first["phase"] == "voting"
    with reading(town) as session:
        round = session.get_one(Round, first["id"])
        assert (round.max_choices, round.roll_count) == (10, 812)
    page = visit(town.client(), f"/rounds/{first['id']}")
    assert "候选项目（39 项）" in page.text


def test_the_declared_result_is_that_of_the_estate_it_is_modelled_on(town):
    declared = town.round("publicity")
    counted = town.run("tally", "count", declared["id"])
    assert (counted["ballots"], len(counted["projects"]), len(counted["funded"])) == (2177, 39, 38)
    (left_out,) = [project for project in counted["projects"] if not project["funded"]]
    assert left_out["reason"] == "does_not_fit"
    notices = town.run("notices", "list", declared["id"])
    (result,) = [notice for notice in notices if notice["kind"] == "result"]
    page = visit(town.client(), f"/notices/{result['number']}")
    for said in ("建议 48 份", "名册共 3110 人", "2177 人", "70.0%"):
        assert said in page.text


def test_every_count_holds_when_it_is_done_again(town):
    assert "2177" in town.say("tally", "verify", town.round("publicity")["id"])


def test_the_urn_that_waits_needs_two_officers(town):
    done = town.app.test_cli_runner().invoke(
        args=["tally", "count", town.round("counting")["id"], "--json"]
    )
    assert done.exit_code == 1
    assert "两位工作人员" in done.stderr


def test_loading_again_changes_nothing(town):
    before = contents(town)
    first, second = town.run("demo", "load"), town.run("demo", "load")
    assert first == second
    assert first["new"] is False
    assert changed(before, contents(town)) == set()


def test_the_sample_card_leads_to_a_receipt_and_the_next_load_brings_another(town):
    card = town.run("demo", "load")["sample_card"]
    receipt = vote_with(town.client(), card)
    assert "投票成功" in receipt.h1
    before = contents(town)
    fresh = town.run("demo", "load")["sample_card"]
    assert fresh["url"] != card["url"]
    assert changed(before, contents(town)) == set()
    assert "投票成功" in vote_with(town.client(), fresh).h1


def test_when_a_sheet_of_sample_cards_is_used_up_the_next_load_makes_one(town):
    card = town.run("demo", "load")["sample_card"]
    database = town.app.extensions["voting.database"]
    with database.transaction() as session:
        batch = session.scalars(
            select(CardBatch.id)
            .where(CardBatch.round_id == card["round_id"], CardBatch.made_by == "demo")
            .order_by(CardBatch.number.desc())
        ).first()
        for one in session.scalars(
            select(BallotCard).where(BallotCard.batch_id == batch, BallotCard.state == "printed")
        ):
            one.state = "void"
    before = contents(town)
    fresh = town.run("demo", "load")["sample_card"]
    assert changed(before, contents(town)) == {"card_batch", "ballot_card", "journal_entry"}
    assert "投票成功" in vote_with(town.client(), fresh).h1


def test_sample_cards_whose_secrets_are_gone_are_not_shown(town):
    card = town.run("demo", "load")["sample_card"]
    keys = Keyring(town.app.extensions["voting.config"].secrets)
    with reading(town) as session:
        for batch in session.scalars(select(CardBatch.id).where(CardBatch.made_by == "demo")):
            keys.forget_batch_seed(batch)
    fresh = town.run("demo", "load")["sample_card"]
    assert fresh["serial"] != card["serial"]
    assert "投票成功" in vote_with(town.client(), fresh).h1


def test_when_the_vote_is_over_the_next_load_opens_another(town, later):
    later(timedelta(days=20))
    loaded = town.run("demo", "load")
    first = town.run("rounds", "list")[0]
    assert (first["phase"], first["title"]) == ("voting", "南烟小区2026年第二轮“幸福微实事”")
    assert loaded["sample_card"]["round_id"] == first["id"]
    assert "投票成功" in vote_with(town.client(), loaded["sample_card"]).h1


@pytest.mark.parametrize("desk", [*(desk.sign_in_name for desk in DESKS), "admin"])
def test_the_printed_password_opens_every_desk_and_need_not_be_changed(town, desk):
    client = town.client()
    page = visit(client, "/sign-in")
    password = town.app.extensions["voting.config"].secrets / "demo.password"
    response = submit(client, page, "/sign-in", sign_in_name=desk, password=password.read_text())
    assert response.status_code == 303
    assert visit(client, response.location).url.startswith("/desk")


def test_a_changed_password_is_told(town):
    database = town.app.extensions["voting.database"]
    with database.transaction() as session:
        officer = session.scalars(select(Officer).where(Officer.sign_in_name == "street3")).one()
        kept, officer.password_hash = officer.password_hash, "changed"
    officers = {one["sign_in_name"]: one["is_open"] for one in town.run("demo", "load")["officers"]}
    with database.transaction() as session:
        session.get_one(Officer, officer.id).password_hash = kept
    assert officers.pop("street3") is False
    assert set(officers.values()) == {True}


def test_the_password_lies_in_a_file_for_its_owner_only(town):
    path = town.app.extensions["voting.config"].secrets / "demo.password"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", path.read_text())


def test_of_many_that_make_the_password_at_once_all_get_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        passwords = set(pool.map(lambda _turn: kept_password(tmp_path / "secrets"), range(64)))
    assert len(passwords) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["demo.password"]


def test_what_is_printed_says_where_to_go_and_draws_the_card_as_a_code(town):
    card = town.run("demo", "load")["sample_card"]
    said = town.say("demo", "load")
    for line in (
        "http://127.0.0.1:8000/sign-in",
        "worker",
        "投票中",
        card["url"],
        card["check_code"],
    ):
        assert line in said
    assert " ".join(re.findall("....", card["short_code"])) in said
    assert [code.text for code in read_barcodes(drawn(said))] == [card["url"]]


def drawn(said):
    """What a telephone's camera sees of the half blocks on a dark terminal."""
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    lines = [line for line in said.splitlines() if line and set(line) <= set(light)]
    image = Image.new("L", (len(lines[0]), 2 * len(lines)))
    for row, line in enumerate(lines):
        for column, char in enumerate(line):
            for half in (0, 1):
                image.putpixel((column, 2 * row + half), light[char][half])
    return image.resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST)


def test_cards_can_be_issued_at_once_in_every_round_that_takes_them(town):
    for phase in ("voting", "vote_announced"):
        issued = town.run("cards", "issue", town.round(phase)["id"], "--count", "2")
        assert issued["count"] == 2


def test_the_address_it_is_served_on_counts_as_tested(town):
    with reading(town) as session:
        config = town.app.extensions["voting.config"]
        assert scanned(session.get(Installation, 1), config)


def test_the_seeds_of_printed_cards_are_gone(town):
    keys = Keyring(town.app.extensions["voting.config"].secrets)
    with reading(town) as session:
        batches = session.scalars(select(CardBatch).where(CardBatch.state == "printed")).all()
    assert len(batches) >= 3
    for batch in batches:
        assert not (keys._folder / "batches" / f"{batch.id}.seed").exists()


def test_the_journal_is_unbroken_and_was_written_in_the_order_of_time(town):
    with reading(town) as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.idx)).all()
    assert first_broken(entries) is None
    moments = [entry.at for entry in entries]
    loaded = moments[: next(index for index, at in enumerate(moments) if at >= NOW)]
    assert len(loaded) > 400
    assert loaded == sorted(loaded)


def test_a_real_installation_is_left_alone(app, config, database, runner):
    with database.transaction() as session:
        session.add(
            Installation(
                name="西湖区", public_url="https://vote.example.cn", scan_code="x", set_up_at=NOW
            )
        )
    done = runner.invoke(args=["demo", "load"])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "正式的平台" in done.stderr
    assert not (config.secrets / "demo.password").exists()
    with database.reading() as session:
        assert session.scalars(select(Officer)).all() == []


def test_a_database_without_tables_is_told_in_one_line(tmp_path, config):
    bare = create_app(replace(config, database_url=f"sqlite:///{tmp_path}/bare.sqlite3"))
    done = bare.test_cli_runner().invoke(args=["demo", "load"])
    bare.extensions["voting.database"].engine.dispose()
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "schema upgrade" in done.stderr
