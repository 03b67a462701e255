"""Every step of a project with its papers, and the files that were attached."""

import io
from dataclasses import dataclass

from flask import Response, render_template, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.service import officer_names
from voting.delivery.holder import on_project
from voting.delivery.models import Project, ProjectChange
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.delivery.rules.steps import STEPS
from voting.delivery.service import changes_of, spending_of
from voting.delivery.views.blueprint import bp
from voting.errors import NotFound
from voting.notices.models import Notice
from voting.permissions import Permission
from voting.web.db import current_files, get_session
from voting.web.text import lazy_

_OTHERS = {
    "project.open": lazy_("建档"),
    "project.pack": lazy_("整合打包"),
    "project.unpack": lazy_("拆开"),
}
_LABELS = _OTHERS | {step.act: step.label for step in STEPS}
_KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@dataclass(frozen=True)
class Trace:
    """One step as it is read: what it was called, by whom, and the paper that it left."""

    change: ProjectChange
    label: str
    after: str
    officer: str
    paper: Notice | None


@bp.get("/desk/projects/<project_id>/history")
@on_project(Permission.ROUND_READ)
def history(project: Project) -> str:
    """Show every step of a project, with its papers and files."""
    session = get_session()
    traces = _traces(session, changes_of(session, project.id))
    return render_template("delivery/history.html", project=project, traces=traces)


@bp.get("/desk/projects/<project_id>/files/<digest>")
@on_project(Permission.ROUND_READ)
def attached(project: Project, digest: str) -> Response:
    """Hand out a file that was attached to a step or a payment of this project."""
    name = _names(get_session(), project.id).get(digest)
    if name is None:
        raise NotFound
    try:
        content = current_files().get(digest)
    except (FileNotFoundError, ValueError) as absent:
        raise NotFound from absent
    kind = _KINDS.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)


def _names(session: Session, project_id: str) -> dict[str, str]:
    steps, payments = changes_of(session, project_id), spending_of(session, project_id)
    attached = [(one.file_digest, one.file_name) for one in steps]
    attached += [(one.file_digest, one.file_name) for one in payments]
    return {digest: name for digest, name in attached if digest}


def _traces(session: Session, changes: list[ProjectChange]) -> list[Trace]:
    ids = {change.notice_id for change in changes if change.notice_id}
    papers = {one.id: one for one in session.scalars(select(Notice).where(Notice.id.in_(ids)))}
    names = officer_names(session, (change.by for change in changes))
    return [
        Trace(
            change=change,
            label=str(_LABELS.get(change.act, change.act)),
            after=STATE_NAMES[ProjectState(change.after)],
            officer=names.get(change.by, ""),
            paper=papers.get(change.notice_id or ""),
        )
        for change in reversed(changes)
    ]
