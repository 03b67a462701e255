"""Loading an election: its ballots go through the same validation, urn and count as ours.

The round is closed from the start, has no electors and no cards, and lies in an area of its own, so that
no officer of this place sees it among their rounds.
"""

import hashlib
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.areas.models import Area, Level
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot, BallotPaper, slot_of
from voting.ballots.service import load_paper, sealed_row
from voting.clock import local_day
from voting.journal.rules import COMMAND_LINE, canonical
from voting.journal.service import record
from voting.pabulib.rules.election import Election
from voting.pabulib.rules.loading import (
    FORMAT,
    TIE_STEPS,
    area_name_of,
    beneficiaries_of,
    carried,
    check_figures,
    loaded_rule,
    most_choices,
    numbers_of,
    one_length,
    plain,
    source_of,
    times_of,
    title_of,
)
from voting.persistence.base import new_id
from voting.proposals.models import Candidate
from voting.rounds.models import Round
from voting.rounds.rules import Phase, Publication
from voting.rounds.service import note_step

Progress = Callable[[int], None]

_URN = cast("Table", UrnEntry.__table__)
_CANDIDATES = cast("Table", Candidate.__table__)
_AT_ONCE = 2000
_NAME = 300


@dataclass(frozen=True)
class Loaded:
    """A round made of a file; ``known_rule`` tells whether the header's rule is one we follow."""

    round_id: str
    candidates: int
    ballots: int
    known_rule: bool


def load(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    election: Election,
    progress: Progress | None = None,
) -> Loaded:
    """Make a closed round of an election; raise NoBudget, NumberTooLarge or IdTooLong.

    ``progress`` hears how many ballots lie in the urn.
    """
    check_figures(election)
    numbers = numbers_of(election)
    pile = {carried(ballot, numbers): number for ballot, number in election.ballots.items()}
    round = _make_round(session, now, election)
    _list_candidates(session, now, round, election, numbers)
    _freeze(session, now, keys, round, election, list(pile))
    paper = load_paper(session, round.id)
    total = _fill_urn(session, paper, pile, progress)
    place: dict[str, Any] = {"kind": "round", "id": round.id, "area_path": round.area.path}
    record(session, COMMAND_LINE, "pabulib.load", now=now, ballots=total, **place)
    return Loaded(round.id, len(numbers), total, loaded_rule(election).known)


def _make_round(session: Session, now: datetime, election: Election) -> Round:
    rule = loaded_rule(election)
    opens_at, closes_at = times_of(election, now)
    round = Round(
        id=new_id(),
        area=_area(session, area_name_of(election)),
        title=title_of(election),
        kind="loaded",
        created_at=now,
        created_by=COMMAND_LINE.id,
        budget=election.budget,
        currency=plain(election.meta.get("currency", ""), _NAME),
        money_decimals=election.decimals,
        min_age=0,
        reference_day=local_day(closes_at),
        opens_at=opens_at,
        closes_at=closes_at,
        ballot_kind=election.kind.value,
        min_choices=0,
        max_choices=most_choices(election),
        allocation=rule.allocation.value,
        least_votes=rule.least_votes,
        tie_steps=TIE_STEPS,
        check_code=False,
        publication=Publication.FULL.value,
        help_number="",
        office_name="",
        office_address="",
        office_contact="",
    )
    session.add(round)
    session.flush()
    note_step(session, round, Phase.COUNTING, at=now, by=COMMAND_LINE.id)
    session.flush()
    return round


def _area(session: Session, name: str) -> Area:
    """Return the area for data of one place, made when its first file comes."""
    found = session.scalars(
        select(Area).where(Area.parent_id.is_(None), Area.name == name).order_by(Area.id).limit(1)
    ).one_or_none()
    if found is not None:
        return found
    # The installation's own area is the first of those without a parent: this one sorts behind it.
    id = f"zz{new_id()[2:]}"
    area = Area(id=id, level=Level.DISTRICT, name=name, path=f"{id}/")
    session.add(area)
    session.flush()
    return area


def _list_candidates(
    session: Session, now: datetime, round: Round, election: Election, numbers: dict[str, int]
) -> None:
    session.execute(
        insert(_CANDIDATES),
        [
            {
                "id": new_id(),
                "round_id": round.id,
                "external_id": project.id,
                "ballot_number": numbers[project.id],
                "title": plain(project.name, _NAME) or plain(project.id, _NAME),
                "category": None,
                "place": "",
                "sentence": "",
                "description": "",
                "cost": project.cost,
                "beneficiaries": beneficiaries_of(project.beneficiaries),
                "picture": None,
                "withdrawn_at": now if project.withdrawn else None,
                "withdrawn_reason": None,
            }
            for project in election.projects
        ],
    )


def _freeze(
    session: Session,
    now: datetime,
    keys: Keyring,
    round: Round,
    election: Election,
    ballots: list[Ballot],
) -> None:
    config = canonical(
        {
            "format": FORMAT,
            "round": round.id,
            "declared": election.rule,
            "source": source_of(election),
            "kind": election.kind.value,
            "budget": election.budget,
            "decimals": election.decimals,
            "point_decimals": election.point_decimals,
            "allocation": round.allocation,
            "least_votes": round.least_votes,
            "max_choices": round.max_choices,
            "tie_steps": round.tie_steps,
            "publication": round.publication,
            "projects": [[project.id, project.cost] for project in election.projects],
        }
    )
    round.config = config
    round.config_hash = hashlib.sha256(config.encode()).digest()
    round.seal_public = keys.make_seal_key(round.id)
    round.ballot_length = one_length(ballots)
    round.frozen_at = now
    session.flush()


def _fill_urn(
    session: Session, paper: BallotPaper, pile: dict[Ballot, int], progress: Progress | None
) -> int:
    done = 0
    rows = _sealed(paper, pile)
    while batch := list(islice(rows, _AT_ONCE)):
        session.execute(insert(_URN), batch)
        done += len(batch)
        if progress:
            progress(done)
    return done


def _sealed(paper: BallotPaper, pile: dict[Ballot, int]) -> Iterator[dict[str, object]]:
    # Random slots, and no order of the file: the urn shall look like one that people have filled.
    ballots = [ballot for ballot, number in pile.items() for _ in range(number)]
    random.SystemRandom().shuffle(ballots)
    for ballot in ballots:
        yield sealed_row(paper, slot_of(secrets.token_bytes(16)), ballot)
