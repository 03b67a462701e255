"""The paper that a step of a project leaves, from what is known at that moment."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from voting.calendar.service import working_day_after
from voting.clock import local_day
from voting.delivery.models import Project
from voting.delivery.rules.conditions import is_far_above
from voting.delivery.rules.facts import Given
from voting.delivery.rules.papers import MilestoneLine, ProjectFacts, Told, step_paper
from voting.delivery.rules.steps import Step
from voting.delivery.service.finding import milestones_of, spent_of, voted_of
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.service import DESK, PUBLIC, issue_plain, issuer_of
from voting.rounds.models import Round
from voting.rounds.service import get_round


def leave_paper(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project: Project,
    step: Step,
    reason: str,
    given: Given,
    site: str = "",
) -> Notice | None:
    """Issue the paper of a step, or return None for a step that leaves only its attached file.

    A change that lifts the budget by more than a tenth is published anew. ``site`` is the public address.
    """
    if not step.paper:
        return None
    round = get_round(session, project.round_id)
    publicity = _publicity(session, round, now) if step.key == "publish-final" else None
    facts = _facts(session, round, project, publicity=publicity, site=site)
    above = given.amount is not None and is_far_above(given.amount, facts.voted)
    is_public = step.is_public or (step.key == "approve-change" and above)
    told = Told(reason=reason, given=given, issued_on=local_day(now), is_public=is_public)
    first, last = publicity or (None, None)
    return issue_plain(
        session,
        now=now,
        actor=actor,
        kind=f"project-{step.key}",
        area=project.area,
        round_id=project.round_id,
        paper=step_paper(step, facts, told),
        audience=PUBLIC if is_public else DESK,
        repeatable=True,
        publicity_from=first,
        publicity_to=last,
    )


def _publicity(session: Session, round: Round, now: datetime) -> tuple[date, date]:
    posted = local_day(now)
    last = working_day_after(session, posted, round.publicity_days).last_day
    return posted + timedelta(days=1), last


def _facts(
    session: Session,
    round: Round,
    project: Project,
    *,
    publicity: tuple[date, date] | None,
    site: str,
) -> ProjectFacts:
    asked = f"{round.office_name}（{round.office_address}，电话 {round.help_number}）"
    same = (
        "code", "title", "place", "budget", "unit", "person", "leader", "contractor", "target",
        "contract_sum", "final_cost", "measure", "measure_before", "measure_after",
    )  # fmt: skip
    return ProjectFacts(
        **{name: getattr(project, name) for name in same},
        round_title=round.title,
        voted=voted_of(session, project.id),
        spent=spent_of(session, project.id),
        street=issuer_of(session, project.area),
        office=round.office_name,
        asked=asked,
        milestones=tuple(
            MilestoneLine(one.title, one.person, one.planned_on, one.done_on)
            for one in milestones_of(session, project.id)
        ),
        publicity=publicity,
        url=f"{site}/projects/{project.id}" if site else "",
        is_rehearsal=round.kind == "rehearsal",
    )
