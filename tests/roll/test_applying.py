"""A resident asks to be put on the roll; a worker who has seen the document decides."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, make_round, person
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.roll.models import Elector, RollApplication, RollChange
from voting.roll.rules import applying as rules
from voting.roll.service import (
    ApplicationFacts,
    accept_application,
    end_applications,
    find_application,
    get_application_of,
    send_application,
    standing_of,
)
from voting.roll.service import applying as service
from voting.rounds.models import Round

WANG = ApplicationFacts("王一一", str(person(5)[1]), "居住", "3栋502", "")
TYPED = {"name": "王一一", "number": WANG.number, "basis": "居住", "place": "3栋502", "agrees": "y"}
WORKER = Actor("one", "李敏", "")


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "var" / "secrets")


@pytest.fixture
def round(session: Session, any_database: str) -> Round:
    return make_round(session, phase="collecting")


def apply(
    session: Session,
    keys: Keyring,
    round: Round,
    facts: ApplicationFacts = WANG,
    form: str = "form",
) -> str:
    return send_application(
        session, now=NOW, keys=keys, round_id=round.id, facts=facts, sending_key=form
    )


def test_an_application_is_kept_sealed_and_found_by_its_code(session, keys, round):
    code = apply(session, keys, round)
    found = get_application_of(session, keys=keys, code=code.lower())
    assert (found.name_masked, found.building, found.state) == ("王*", "3栋", "waiting")
    kept = b"".join(value for value in vars(found).values() if isinstance(value, bytes))
    for secret in (WANG.name, WANG.number, code):
        assert secret.encode() not in kept
    assert find_application(session, keys=keys, code="") is None
    assert standing_of(session, found) == "waiting"


def test_the_same_form_sent_again_gets_the_same_code(session, keys, round):
    code = apply(session, keys, round)
    assert apply(session, keys, round) == code
    with pytest.raises(rules.AlreadyApplied):
        apply(session, keys, round, form="another")
    apply(session, keys, round, replace(WANG, number=str(person(6)[1])))
    assert len(session.scalars(select(RollApplication)).all()) == 2


def test_so_many_wait_and_no_more(session, keys, round, monkeypatch):
    monkeypatch.setattr(service, "MOST_WAITING", 1)
    apply(session, keys, round)
    with pytest.raises(rules.TooManyApplications):
        apply(session, keys, round, replace(WANG, number=str(person(6)[1])))


@pytest.mark.parametrize(("phase", "takes"), [
    ("draft", False), ("pending_approval", False), ("collecting", True), ("shortlisted", True),
    ("counting", False), ("terminated", False),
])  # fmt: skip
def test_applications_are_taken_while_the_round_lives(session, keys, phase, takes):
    round = make_round(session, phase=phase)
    if takes:
        assert apply(session, keys, round)
    else:
        with pytest.raises(rules.NotApplying):
            apply(session, keys, round)


def test_what_nobody_decided_ends_with_voting(session, keys, any_database):
    round = make_round(session, frozen=True)
    code = apply(session, keys, round)
    assert end_applications(session, now=round.closes_at - timedelta(seconds=1)) == 0
    assert end_applications(session, now=round.closes_at) == 1
    found = get_application_of(session, keys=keys, code=code)
    session.refresh(found)
    assert (found.state, found.answer, found.sealed, found.claim_key) == (
        "refused", "too_late", None, None,
    )  # fmt: skip
    assert set(rules.BY_WORKER) < set(rules.ANSWERS)


def test_accepting_lists_the_person_and_forgets_what_was_typed(session, keys, round):
    found = get_application_of(session, keys=keys, code=apply(session, keys, round))
    accept = {"now": NOW, "actor": WORKER, "keys": keys, "round_id": round.id}
    assert accept_application(session, application_id=found.id, proof="lease", **accept)
    session.refresh(found)
    assert (found.state, found.answer, found.sealed) == ("accepted", "lease", None)
    assert session.scalars(select(Elector.name_masked)).all() == ["王*"]
    assert standing_of(session, found) == "accepted"
    with pytest.raises(rules.AlreadyDecided):
        accept_application(session, application_id=found.id, proof="lease", **accept)


def test_after_the_announcement_accepting_asks_a_second_officer(session, keys, any_database):
    round = make_round(session, frozen=True)
    found = get_application_of(session, keys=keys, code=apply(session, keys, round))
    accept = {"now": NOW, "actor": WORKER, "keys": keys, "round_id": round.id}
    assert not accept_application(session, application_id=found.id, proof="lease", **accept)
    session.refresh(found)
    change = session.scalars(select(RollChange)).one()
    assert (change.act, change.application_id) == ("add", found.id)
    assert standing_of(session, found) == "confirming"
    change.state, change.second_by, change.sealed = "refused", "two", None
    session.flush()
    assert standing_of(session, found) == "refused"
