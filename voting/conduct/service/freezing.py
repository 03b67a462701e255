"""Freezing: when the vote is announced, rules, list, roll and key are fixed in one transaction."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.ballots.rules import padded_length
from voting.clock import moment_text
from voting.conduct.rules import (
    FORMAT,
    HOW_TO_PROVE,
    KeyNotProven,
    frozen_hash,
    frozen_text,
)
from voting.custody.service import has_passed, seal_public_for
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of
from voting.roll.service import lines_of_roll
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import RulesFrozen

_RULES = (
    "kind", "budget", "currency", "money_decimals", "min_age", "birthday_counts", "publicity_days",
    "answer_days", "posting_day_counts", "ballot_kind", "min_choices", "max_choices", "max_points",
    "allocation", "funded_count", "least_votes", "check_code", "publication", "channels", "second_factors",
    "least_share", "least_turnout", "quota_engineering", "quota_equipment", "quota_service",
    "quota_engineering_money", "quota_equipment_money", "quota_service_money", "spend_limit", "draw_way",
    "draw_source", "compare_public",
    "hash_alg", "seal_alg", "seal_way",
)  # fmt: skip
_CANDIDATE = (
    "title", "category", "place", "sentence", "description", "cost", "beneficiaries", "picture",
    "rival_group",
)  # fmt: skip


def freeze(session: Session, *, now: datetime, keys: Keyring, round: Round) -> None:
    """Fix a held round for good; raise RulesFrozen when another announcement was first, or KeyNotProven.

    The caller holds the round's row (``hold_round``), so neither the plan nor the list nor the roll can
    change between being read here and being fixed.
    """
    candidates = candidates_of(session, round.id)
    public = seal_public_for(session, keys=keys, round=round)
    fixed: dict[str, bytes | int] = {
        "seal_public": public,
        "ballot_length": padded_length(
            kind=round.ballot_kind,
            # Whoever may tick as many as the list has ticks no more.
            max_choices=min(round.max_choices, len(candidates)),
            highest_number=max(one.ballot_number or 0 for one in candidates),
            max_points=round.max_points,
        ),
        **_of_roll(session, round.id),
    }
    text = frozen_text(config_of(round, candidates, fixed))
    changed = session.execute(
        update(Round)
        .where(
            Round.id == round.id,
            Round.frozen_at.is_(None),
            Round.phase == Phase.SHORTLISTED.value,
            has_passed(public),
        )
        .values(frozen_at=now, config=text, config_hash=frozen_hash(text), **fixed)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(round)
    if changed is None:
        raise RulesFrozen if round.frozen_at else KeyNotProven(how=HOW_TO_PROVE[round.seal_way])


def _of_roll(session: Session, round_id: str) -> dict[str, bytes | int]:
    lines = lines_of_roll(session, round_id)
    return {"roll_count": len(lines), "roll_hash": lines.digest}


def config_of(
    round: Round, candidates: list[Candidate], fixed: dict[str, bytes | int]
) -> dict[str, object]:
    """Return what the frozen text says; bytes are written in hex, moments in UTC."""
    return {
        "format": FORMAT,
        "round": {
            "id": round.id,
            "title": round.title,
            "area": round.area.name,
            "scope": round.scope,
        },
        "rules": {name: getattr(round, name) for name in _RULES}
        | {
            "opens_at": moment_text(round.opens_at),
            "closes_at": moment_text(round.closes_at),
            "reference_day": round.reference_day.isoformat(),
            "tie_steps": round.tie_steps.split(","),
        },
        "candidates": [
            {"number": one.ballot_number} | {name: getattr(one, name) for name in _CANDIDATE}
            for one in candidates
        ],
        **{
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in fixed.items()
        },
    }
