"""Every page of a round at the desk, asked by a stranger, and every page there is, asked oddly."""

from typing import Any

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.areas import make_area, make_chain, make_installation
from tests.factories.proposals import make_candidate
from tests.factories.roll import make_elector
from tests.factories.rounds import make_plan, make_round
from tests.visiting import visit
from voting.adapters.keyring import Keyring
from voting.permissions import Role

NOBODY = "a" * 26
ODD = (
    "page=0", "page=-1", "page=99999999999999999999", "page=x", "q=%00", "q=%ED%A0%80", "q=" + "长" * 999,
    "state=x&phase=x&area=x&word=x&round=x&building=x&kind=x&basis=x", "last=x%00&from=x&opens=31-31",
    "area=%00&from=%00&round=%00&building=%00&last=%00&proposal=%00&named=%00",
)  # fmt: skip


@pytest.fixture
def desk(client, database, tmp_path):
    """A street officer before a round that could be announced, and one of another street."""
    keys = Keyring(tmp_path / "var" / "secrets")
    with database.transaction() as session:
        make_installation(session)
        chain = make_chain(session)
        own = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
        other = make_area(session, parent=chain.district, level="street")
        stranger = make_officer(session, area=other, role=Role.STREET_OFFICER)
        round = make_round(
            session, area=chain.estate, phase="shortlisted", plan=make_plan(max_choices=1)
        )
        for number in range(2):
            make_candidate(session, keys, round, proposer=f"人{number}", title=f"项目{number}")
        make_elector(session, round.id)
    return client, round.id, own, stranger


def _token(client: Any) -> dict[str, Any]:
    """Return what says that a form was ours."""
    return {"csrf_token": visit(client, "/password").form("/password").values["csrf_token"]}


def _status(client: Any, address: str, **how: Any) -> int:
    # Some answers are files: what nobody reads must be closed.
    with client.open(address, **how) as answer:
        return int(answer.status_code)


def _rules(app: Any, prefix: str) -> list[Any]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix)]


def _address(rule: Any, **known: str) -> str:
    values = {
        name: "1" if f"<int:{name}>" in rule.rule else known.get(name, NOBODY)
        for name in rule.arguments
    }
    if "kind" in values and "converter" not in values:
        values["kind"] = "csv" if "faults" in rule.rule else "a4"
    built: str = rule.build(values, append_unknown=False)[1]
    return built


def test_no_page_or_act_of_a_round_opens_to_another_area(app, database, desk):
    client, round_id, _own, stranger = desk
    sit_down(client, database, stranger)
    token = _token(client)
    answers = {
        (method, rule.rule): _status(
            client, _address(rule, round_id=round_id), method=method, data=token
        )
        for rule in _rules(app, "/desk/rounds/<")
        for method in ("GET", "POST")
        if method in rule.methods
    }
    assert len(answers) > 100
    assert {place: code for place, code in answers.items() if code != 404} == {}


def test_what_does_not_exist_in_a_round_of_ones_own_is_not_found(app, database, desk):
    client, round_id, own, _stranger = desk
    sit_down(client, database, own)
    token = _token(client)
    inner = [rule for rule in _rules(app, "/desk/rounds/<") if len(rule.arguments) > 1]
    answers = {
        (method, rule.rule): _status(
            client, _address(rule, round_id=round_id), method=method, data=token
        )
        for rule in inner
        for method in ("GET", "POST")
        if method in rule.methods
    }
    assert {place: code for place, code in answers.items() if code >= 500} == {}
    assert {place: code for place, code in answers.items() if code < 300} == {}


@pytest.mark.parametrize("question", ODD)
def test_odd_questions_break_no_page(app, database, desk, question):
    client, round_id, own, _stranger = desk
    sit_down(client, database, own)
    pages = [
        _address(rule, round_id=round_id)
        for rule in _rules(app, "/")
        if "GET" in rule.methods
        and rule.arguments <= {"round_id"}
        and not rule.rule.endswith((".pdf", ".png", ".xlsx"))
        and not rule.rule.startswith(("/static", "/sign-out"))
    ]
    codes = {page: _status(client, f"{page}?{question}") for page in pages}
    assert len(codes) > 40
    assert {page: code for page, code in codes.items() if code >= 500} == {}


def test_empty_forms_break_no_act(app, database, desk):
    client, round_id, own, _stranger = desk
    sit_down(client, database, own)
    token = _token(client)
    acts = [
        _address(rule, round_id=round_id)
        for rule in _rules(app, "/")
        if "POST" in rule.methods
        and rule.arguments <= {"round_id"}
        and not rule.rule.startswith(("/sign-out", "/static"))
    ]
    codes = {act: client.post(act, data=token).status_code for act in acts}
    assert {act: code for act, code in codes.items() if code >= 500} == {}
