"""What every paper of a step may say of its round."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.areas.models import Level
from voting.areas.service import areas_above, find_installation, public_url
from voting.clock import local_day
from voting.conduct.rules.papers import Setting
from voting.config import Config
from voting.notices.rules import committee_name, named_round, whereabouts
from voting.notices.service import issuer_of
from voting.proposals.models import CATEGORY_NAMES, Category
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.tally.rules.phrases import declared_phrases, tie_phrases
from voting.tally.service import declared_by

_SAME = (
    "budget", "most_candidates", "min_age", "birthday_counts", "reference_day", "min_choices",
    "max_choices", "spending", "collecting_from", "collecting_until", "screening_until", "review_until",
    "announce_on", "opens_at", "closes_at", "extended_to", "publicity_days", "answer_days",
    "publicity_from", "publicity_to", "office_name", "office_address", "office_contact", "help_number",
)  # fmt: skip


def setting_of(
    session: Session, round: Round, change: PhaseChange, *, now: datetime, config: Config | None
) -> Setting:
    """Return what papers may say of a round when a step has just been noted."""
    rule = declared_phrases(declared_by(round))
    return Setting(
        title=named_round(round.title),
        area=round.area.name,
        scope=whereabouts(round.scope, round.area.name),
        community=_community(session, round),
        street=issuer_of(session, round.area),
        today=local_day(now),
        url=f"{_address(session, config)}/rounds/{round.id}",
        is_rehearsal=round.kind == "rehearsal",
        limits=tuple(
            (CATEGORY_NAMES[category], getattr(round, f"limit_{category.value}"))
            for category in Category
        ),
        rule="；".join(map(str, rule)),
        tie_rule="，".join(map(str, tie_phrases(round.tie_steps, round.lot_source))),
        stood=PHASE_NAMES[Phase(change.before)],
        reason=change.reason,
        day=change.day,
        person=change.person,
        **{name: getattr(round, name) for name in _SAME},
    )


def _community(session: Session, round: Round) -> str:
    """Return who runs a round: the committee of its community, or the office named in its plan."""
    above = [*areas_above(session, round.area), round.area]
    held = next((area for area in above if area.level == Level.COMMUNITY), None)
    return committee_name(held.name) if held else round.office_name


def _address(session: Session, config: Config | None) -> str:
    installation = find_installation(session)
    if config is not None:
        return public_url(installation, config)
    if installation is None:
        return ""
    return installation.scanned_url or installation.public_url
