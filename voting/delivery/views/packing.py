"""Several projects become one before the street approves; one is taken out again."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from voting.delivery.forms import PackForm, ReasonForm
from voting.delivery.holder import carried_out, on_project
from voting.delivery.models import Project
from voting.delivery.service import candidates_in, get_project, pack, unpack
from voting.delivery.service.packing import TooFewProjects
from voting.delivery.views.blueprint import bp, to
from voting.errors import NotFound
from voting.permissions import Permission
from voting.proposals.models import Candidate
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now
from voting.web.text import _

_LEAST, _MOST = 2, 50


@bp.get("/desk/rounds/<round_id>/projects/pack")
@on_round(Permission.DELIVERY_EDIT)
def packing(round: Round) -> str:
    """Ask what the ticked projects are called together."""
    chosen = _chosen(round, request.args.getlist("project"))
    return _page(round, PackForm(data={"title": chosen[0].title}), chosen)


@bp.post("/desk/rounds/<round_id>/projects/pack")
@on_round(Permission.DELIVERY_EDIT)
def packing_submit(round: Round) -> Any:
    """Pack the ticked projects into one."""
    chosen = _chosen(round, request.form.getlist("project"))
    form = PackForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: pack(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            project_ids=[project.id for project in chosen],
            title=form.title.data or "",
            reason=form.reason.data or "",
        ),
    ):
        sentence = _(
            "%(count)s 个项目已合并成“%(title)s”。", count=len(chosen), title=form.title.data
        )
        return to("show", sentence, project_id=chosen[0].id)
    return _page(round, form, chosen), 422


@bp.get("/desk/projects/<project_id>/unpack/<candidate_id>")
@on_project(Permission.DELIVERY_EDIT)
def unpacking(project: Project, candidate_id: str) -> str:
    """Ask why a candidate is taken out of a project."""
    return _unpack_page(project, _inside(project, candidate_id), ReasonForm())


@bp.post("/desk/projects/<project_id>/unpack/<candidate_id>")
@on_project(Permission.DELIVERY_EDIT)
def unpacking_submit(project: Project, candidate_id: str) -> Any:
    """Take a candidate out of a project into one of its own."""
    candidate = _inside(project, candidate_id)
    form = ReasonForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: unpack(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            candidate_id=candidate_id,
            reason=form.reason.data or "",
        ),
    ):
        sentence = _("“%(title)s”已拆成单独的项目。", title=candidate.title)
        return to("of_round", sentence, round_id=project.round_id)
    return _unpack_page(project, candidate, form), 422


def _chosen(round: Round, ids: list[str]) -> list[Project]:
    wanted = list(dict.fromkeys(ids))[:_MOST]
    if len(wanted) < _LEAST:
        raise TooFewProjects
    session = get_session()
    chosen = [get_project(session, id, within=current_user.area) for id in wanted]
    if any(project.round_id != round.id for project in chosen):
        raise NotFound
    return chosen


def _inside(project: Project, candidate_id: str) -> Candidate:
    inside = candidates_in(get_session(), project.id)
    candidate = next((one for one in inside if one.id == candidate_id), None)
    if candidate is None:
        raise NotFound
    return candidate


def _page(round: Round, form: PackForm, chosen: list[Project]) -> str:
    total = sum(project.budget for project in chosen)
    return render_template(
        "delivery/pack.html", round=round, form=form, chosen=chosen, total=total
    )  # fmt: skip


def _unpack_page(project: Project, candidate: Candidate, form: ReasonForm) -> str:
    return render_template(
        "delivery/unpack.html", project=project, candidate=candidate, form=form
    )  # fmt: skip
