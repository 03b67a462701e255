"""The ledger as anybody sees it: its page, its files, its proofs, and what is said to odd questions."""

import re
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.factories.ballots import NOW, make_open_round
from tests.factories.rounds import make_round
from tests.factories.tally import fill, head_of
from tests.ledger import reckoning
from tests.visiting import visit
from voting.adapters.signing import is_signed
from voting.ballots.models import UrnEntry
from voting.ballots.rules import receipt_code
from voting.ledger.models import Checkpoint
from voting.ledger.rules.notes import read_note
from voting.ledger.service import get_ledger, make_checkpoint

NOBODY = "a" * 26


@pytest.fixture
def keys(app):
    return app.extensions["voting.keys"]


@pytest.fixture
def round_id(database, keys):
    with database.transaction() as session:
        return make_open_round(session, keys).id


@pytest.fixture
def seal(database, keys, round_id):
    """Drop ballots into the urn, sign, and return the head."""

    def sign(ballots=20, now=NOW):
        with database.transaction() as session:
            fill(session, round_id, [(1,)] * ballots)
        with database.transaction() as session:
            return make_checkpoint(session, now=now, keys=keys, round_id=round_id)

    return sign


@pytest.fixture
def get(client, round_id):
    """Ask for JSON below the round's ledger; return status and answer."""

    def ask(path):
        answer = client.get(f"/ledger/{round_id}/{path}")
        return answer.status_code, answer.get_json()

    return ask


def slot_in(database, round_id, *, covered=True):
    with database.reading() as session:
        found = session.query(UrnEntry).filter(UrnEntry.round_id == round_id)
        wanted = UrnEntry.batch_no.is_not(None) if covered else UrnEntry.batch_no.is_(None)
        return found.filter(wanted).order_by(UrnEntry.slot).first().slot


def hashes(listed):
    return [bytes.fromhex(one) for one in listed]


def test_the_page_shows_the_head_in_groups_and_the_figures_but_no_result(client, round_id, seal):
    digits = seal().root.hex()[:16]
    page = visit(client, f"/ledger/{round_id}")
    assert " ".join(re.findall("....", digits)) in page.text
    assert re.search("记了 ?21 ?条", page.text)
    assert re.search("封存的选票 ?20 ?张", page.text)
    assert "无障碍坡道" not in page.text


def test_before_the_rules_are_fixed_there_is_a_page_that_says_so(client, database):
    with database.transaction() as session:
        round = make_round(session, phase="collecting")
    assert "还没有公开账本" in visit(client, f"/ledger/{round.id}").text


def test_with_one_checkpoint_there_is_nothing_to_compare(client, round_id, seal):
    seal()
    page = visit(client, f"/ledger/{round_id}")
    assert "现在只有一个封存点" in page.text
    assert not [link for link in page.links if "consistency" in link]


@pytest.mark.parametrize("path", ["", "/checkpoints.json", "/consistency", "/checkpoints/1.txt"])
def test_a_round_nobody_may_see_has_no_ledger_to_be_seen(client, database, path):
    with database.transaction() as session:
        draft = make_round(session, phase="draft")
    for round_id in (draft.id, NOBODY):
        assert client.get(f"/ledger/{round_id}{path}").status_code == 404


def test_checkpoints_are_handed_out_as_signed(client, database, round_id, seal, get):
    sizes = [seal().size for _ in range(2)]
    status, answer = get("checkpoints.json")
    assert (status, [one["size"] for one in answer["checkpoints"]]) == (200, sizes)
    assert answer["next"] is None
    with database.reading() as session:
        ledger = get_ledger(session, round_id)
    for one in answer["checkpoints"]:
        file = client.get(f"/ledger/{round_id}/checkpoints/{one['size']}.txt")
        assert file.get_data(as_text=True) == one["note"]
        said, signature = read_note(one["note"], name=ledger.origin, public=ledger.public_key)
        assert is_signed(ledger.public_key, said.encode(), signature)
    assert get(f"checkpoints.json?after={sizes[0]}")[1]["checkpoints"][0]["size"] == sizes[1]


def test_inclusion_proofs_hold_for_a_stranger(database, round_id, seal, get):
    sizes = [seal(21).size, seal(33).size, seal(40).size]
    slot = slot_in(database, round_id)
    for query in ("", *(f"&size={size}" for size in sizes)):
        status, answer = get(f"inclusion.json?slot={slot.hex()}{query}")
        if status == 404:
            assert answer["error"].startswith("这个封存点里没有这张选票")
            continue
        start = reckoning.leaf(answer["body"].encode())
        assert start.hex() == answer["leaf"]
        assert f'"slot":"{slot.hex()}"' in answer["body"]
        path = hashes(answer["proof"])
        root = reckoning.root_by_inclusion(start, answer["index"], answer["size"], path)
        assert root.hex() == answer["root"]


def test_consistency_proofs_hold_for_a_stranger(seal, get):
    sizes = [seal(ballots).size for ballots in (20, 23, 44)]
    for first in sizes:
        for second in (size for size in sizes if size >= first):
            status, answer = get(f"consistency.json?first={first}&second={second}")
            assert status == 200
            roots = (answer["first"]["root"], answer["second"]["root"])
            path = hashes(answer["proof"])
            found = reckoning.roots_by_consistency(first, second, bytes.fromhex(roots[0]), path)
            assert tuple(one.hex() for one in found) == roots


ODD = ["", "x", "-1", "1.5", "9" * 19, "9" * 5000, "%00", "２１", "0"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_questions_are_answered_with_a_sentence(seal, get, odd):
    seal()
    for path in (f"inclusion.json?slot={odd}", f"consistency.json?first={odd}&second={odd}"):
        status, answer = get(path)
        assert status in {404, 422}, path
        assert answer["error"].endswith("。")


def test_a_larger_first_and_an_unknown_slot_have_sentences_of_their_own(seal, get):
    one, two = seal().size, seal().size
    assert get(f"consistency.json?first={two}&second={one}")[0] == 422
    assert get(f"inclusion.json?slot={secrets.token_bytes(32).hex()}")[0] == 404
    assert get(f"consistency.json?first={one}&second={one + 1}")[0] == 404


def test_two_checkpoints_are_compared_on_a_page(client, round_id, seal):
    one, two = seal().size, seal().size
    place = f"/ledger/{round_id}/consistency"
    assert "核对过了" in visit(client, f"{place}?first={one}&second={two}").text
    # Whoever types them the other way round means the same.
    assert "核对过了" in visit(client, f"{place}?first={two}&second={one}").text
    page = visit(client, f"{place}?first=7&second=x", status=422)
    assert "照着抄" in page.text
    assert 'value="7"' in page.html


@pytest.mark.parametrize(
    ("typed", "said", "status"),
    [("{}", "对得上", 200), ("0000 0000 0000 0000", "账本里没有这个封存号", 200),
     ("123", "16 个数字或字母", 422), ("g" * 16, "16 个数字或字母", 422)],
    ids=["right", "another", "short", "letters"],
)  # fmt: skip
def test_a_head_from_the_wall_is_looked_up(client, round_id, seal, typed, said, status):
    digits = seal().root.hex()[:16].upper()
    seal()
    typed = typed.format(" ".join(re.findall("....", digits)))
    assert said in visit(client, f"/ledger/{round_id}?head={typed}", status=status).text


def test_the_page_costs_the_same_for_ten_and_a_thousand_checkpoints(
    app, client, database, round_id, seal
):
    seal()
    visit(client, f"/ledger/{round_id}")  # what every page asks once is asked before
    counts = []
    for more in (9, 990):
        with database.transaction() as session:
            head = head_of(session, round_id)
            session.add_all(
                Checkpoint(
                    round_id=round_id, size=head.size + step, at=NOW, root=secrets.token_bytes(32),
                    note=head.note,
                )
                for step in range(1, more + 1)
            )  # fmt: skip
        seen: list[str] = []
        engine = app.extensions["voting.database"].engine
        listen = ("before_cursor_execute", lambda *call, seen=seen: seen.append(call[2]))
        event.listen(engine, *listen)
        visit(client, f"/ledger/{round_id}")
        client.get(f"/ledger/{round_id}/checkpoints.json")
        event.remove(engine, *listen)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 20
    assert "共 50 页" in visit(client, f"/ledger/{round_id}?page=50").text
    assert client.get(f"/ledger/{round_id}?page=51").status_code == 404


def test_a_ledger_that_does_not_give_its_root_proves_nothing(client, database, round_id, seal, get):
    size = seal().size
    with database.transaction() as session:
        head = head_of(session, round_id)
        session.add(
            Checkpoint(
                round_id=round_id, size=size + 1, at=NOW + timedelta(1), root=secrets.token_bytes(32),
                note=head.note,
            )
        )  # fmt: skip
    status, answer = get(f"consistency.json?first={size}&second={size + 1}")
    assert status == 409
    assert "不一致" in answer["error"]


def test_trees_are_kept_for_few_rounds_only(app, client, database, keys):
    for _ in range(10):
        with database.transaction() as session:
            round_id = make_open_round(session, keys).id
            fill(session, round_id, [(1,)] * 20)
            make_checkpoint(session, now=NOW, keys=keys, round_id=round_id)
        slot = slot_in(database, round_id)
        assert client.get(f"/ledger/{round_id}/inclusion.json?slot={slot.hex()}").status_code == 200
    assert len(app.extensions["voting.ledger.trees"]) == 8


def test_a_receipt_is_proved_in_words_and_numbers(client, database, round_id, seal):
    head = seal(25)
    slot = slot_in(database, round_id)
    code = receipt_code(slot)
    page = visit(client, f"/receipts/{code}/proof")
    assert page.h1 == "您的选票在公开账本里"
    for said in (slot.hex(), head.root.hex(), " ".join(re.findall("....", head.root.hex()[:16]))):
        assert said in page.text
    assert "无障碍坡道" not in page.text
    note = client.get(f"/receipts/{code}/receipt.txt").get_data(as_text=True)
    with database.reading() as session:
        ledger = get_ledger(session, round_id)
    said, signature = read_note(note, name=ledger.origin, public=ledger.public_key)
    assert said == f"{ledger.origin}\nreceipt\n{slot.hex()}\n"
    assert is_signed(ledger.public_key, said.encode(), signature)


def test_a_receipt_that_waits_says_what_it_waits_for(client, database, round_id, seal):
    seal(3)
    code = receipt_code(slot_in(database, round_id, covered=False))
    page = visit(client, f"/receipts/{code}/proof")
    assert page.h1 == "您的选票在票箱里，等着封存"
    assert "凑够 20 个" in page.text
    assert client.get(f"/receipts/{code}/receipt.txt").status_code == 200


def test_without_a_ledger_a_receipt_has_no_signature_yet(client, database, round_id):
    with database.transaction() as session:
        fill(session, round_id, [(1,)])
    code = receipt_code(slot_in(database, round_id, covered=False))
    assert "过几分钟再来" in visit(client, f"/receipts/{code}/proof").text
    assert client.get(f"/receipts/{code}/receipt.txt").status_code == 404


def test_proofs_of_different_choices_differ_in_numbers_only(client, database, keys, round_id):
    with database.transaction() as session:
        fill(session, round_id, [(1,), (2, 5, 6)])
    with database.reading() as session:
        slots = [entry.slot for entry in session.query(UrnEntry)]
    shown = []
    for slot in slots:
        html = visit(client, f"/receipts/{receipt_code(slot)}/proof").html
        code = receipt_code(slot)
        for form in (slot.hex(), code, *re.findall("....", code)):
            html = html.replace(form, "X" * len(form))
        shown.append(html)
    assert shown[0] == shown[1]


@pytest.mark.parametrize("code", ["A" * 16, "x", "中文", "k" * 26])
def test_a_receipt_in_no_urn_has_no_proof(client, code):
    assert "没有查到" in visit(client, f"/receipts/{code}/proof", status=404).h1
    assert client.get(f"/receipts/{code}/receipt.txt").status_code == 404
