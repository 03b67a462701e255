"""What every act on a project leaves behind: an entry in the journal, and the time of the last change."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.delivery.models import Project
from voting.journal.rules import Actor
from voting.journal.service import record


def note(
    session: Session, actor: Actor, act: str, *, now: datetime, project: Project, **details: object
) -> None:
    """Write an act on a project into the journal; ``details`` are never names of people."""
    project.changed_at = now
    session.flush()
    record(
        session, actor, act, now=now, kind="project", id=project.id, area_path=project.area.path,
        code=project.code, **details,
    )  # fmt: skip
