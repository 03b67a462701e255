"""A worker decides an application with the document in hand; what was typed goes with the decision."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unlock_field
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.paging import one_page
from voting.roll.models import RollApplication
from voting.roll.rules.applying import AlreadyDecided
from voting.roll.service.applying import ApplicationFacts, application_purpose
from voting.roll.service.asking import ask_add
from voting.roll.service.entering import PersonFacts, enter_person
from voting.roll.service.secrecy import roll_key
from voting.rounds.models import Round
from voting.rounds.service import get_round


@dataclass(frozen=True)
class ApplicationPage:
    """One page of the applications that wait; pages count from 1."""

    applications: Sequence[RollApplication]
    total: int
    page: int
    pages: int


def waiting_applications(session: Session, round_id: str, *, page: int = 1) -> ApplicationPage:
    """Return a page of the applications that wait, the oldest first."""
    wanted = (RollApplication.round_id == round_id, RollApplication.state == "waiting")
    query = select(RollApplication).where(*wanted)
    found = one_page(session, query.order_by(RollApplication.applied_at, RollApplication.id), page)
    applications = [row.RollApplication for row in found.rows]
    return ApplicationPage(applications, found.total, found.page, found.pages)


def get_application(session: Session, round_id: str, application_id: str) -> RollApplication:
    """Return an application of a round; raise NotFound."""
    found = session.get(RollApplication, application_id) if application_id.isalnum() else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def look_at_application(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    application_id: str,
) -> ApplicationFacts:
    """Return what a resident typed, and write down that somebody looked; raise AlreadyDecided."""
    round = get_round(session, round_id)
    application = get_application(session, round.id, application_id)
    facts = _opened(keys, round, application)
    _note(session, now, actor, "roll.look_application", round, application)
    return facts


def accept_application(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    application_id: str,
    proof: str,
    namesake_checked: bool = False,
) -> bool:
    """List the person, or ask for it where the roll is frozen; return whether they are listed now.

    ``proof`` is the code of the paper that the worker saw. Raise NotFound, AlreadyDecided, NotApplying or
    RollClosed, AlreadyListed, NameDiffers, MaybeListed, ChangeWaiting.
    """
    round = get_round(session, round_id)
    application = get_application(session, round.id, application_id)
    typed = _opened(keys, round, application)
    _decide(session, now, actor, application, state="accepted", answer=proof)
    facts = _facts(typed, namesake_checked=namesake_checked)
    is_frozen = round.frozen_at is not None
    if is_frozen:
        ask_add(
            session,
            now=now,
            actor=actor,
            keys=keys,
            round_id=round.id,
            facts=facts,
            reason=proof,
            application_id=application.id,
        )
    else:
        enter_person(session, now=now, actor=actor, keys=keys, round_id=round.id, facts=facts)
    _note(session, now, actor, "roll.accept_application", round, application, shown=proof)
    return not is_frozen


def refuse_application(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    application_id: str,
    answer: str,
    words: str,
) -> None:
    """Say why somebody is not put on the roll; raise NotFound or AlreadyDecided."""
    round = get_round(session, round_id)
    application = get_application(session, round.id, application_id)
    _decide(session, now, actor, application, state="refused", answer=answer, words=words)
    _note(session, now, actor, "roll.refuse_application", round, application, reason=answer)


def _facts(typed: ApplicationFacts, *, namesake_checked: bool) -> PersonFacts:
    return PersonFacts(
        name=typed.name,
        basis=typed.basis,
        place=typed.place,
        phone=typed.phone,
        number=typed.number,
        # The worker has seen the document.
        old_age_checked=True,
        namesake_checked=namesake_checked,
    )


def _opened(keys: Keyring, round: Round, application: RollApplication) -> ApplicationFacts:
    if application.sealed is None:
        raise AlreadyDecided
    purpose = application_purpose(application.id)
    return ApplicationFacts(
        **json.loads(unlock_field(roll_key(keys, round), purpose, application.sealed))
    )


def _decide(
    session: Session, now: datetime, actor: Actor, application: RollApplication, **outcome: str
) -> None:
    decided = session.scalars(
        update(RollApplication)
        .where(RollApplication.id == application.id, RollApplication.state == "waiting")
        .values(decided_at=now, decided_by=actor.id, sealed=None, claim_key=None, **outcome)
        .returning(RollApplication.id)
        .execution_options(synchronize_session=False)
    )
    if decided.one_or_none() is None:
        raise AlreadyDecided


def _note(
    session: Session,
    now: datetime,
    actor: Actor,
    act: str,
    round: Round,
    application: RollApplication,
    **details: str,
) -> None:
    place = {"kind": "roll_application", "id": application.id, "area_path": round.area.path}
    record(session, actor, act, now=now, round_id=round.id, **place, **details)
