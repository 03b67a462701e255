"""What happened on a project, in words and photographs."""

from typing import Any

from flask import render_template
from flask_login import current_user

from voting.clock import local_day
from voting.delivery.forms import EntryForm, PhotoForm
from voting.delivery.holder import carried_out, on_project
from voting.delivery.models import Project
from voting.delivery.rules.facts import PHOTO_STAGES
from voting.delivery.service import (
    add_entry,
    add_photo,
    entries_of,
    get_photo,
    photos_of,
    remove_photo,
)
from voting.delivery.views.blueprint import bp, to
from voting.delivery.views.overview import may_change
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.web.db import get_session, now
from voting.web.refusing import RefusingForm
from voting.web.text import _


@bp.get("/desk/projects/<project_id>/progress")
@on_project(Permission.ROUND_READ)
def progress(project: Project) -> str:
    """Show what was noted of a project, with a form for more."""
    form = EntryForm()
    form.day.data = local_day(now())
    return _page(project, form)


@bp.post("/desk/projects/<project_id>/progress")
@on_project(Permission.DELIVERY_EDIT)
def progress_submit(project: Project) -> Any:
    """Write down what happened."""
    form = EntryForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: add_entry(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            key=form.key.data or "",
            day=form.day.data or local_day(now()),
            words=form.words.data or "",
        ),
    ):
        return to("progress", _("进展已记下。"), project_id=project.id)
    return _page(project, form), 422


@bp.get("/desk/projects/<project_id>/photos")
@on_project(Permission.ROUND_READ)
def photos(project: Project) -> str:
    """Show the photographs of a project, with a form for one more."""
    return _photos_page(project, PhotoForm())


@bp.post("/desk/projects/<project_id>/photos")
@on_project(Permission.DELIVERY_EDIT)
def photos_submit(project: Project) -> Any:
    """Add a photograph."""
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            digest = form.stored()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if carried_out(
                form,
                lambda session: add_photo(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    project_id=project.id,
                    key=form.key.data or "",
                    digest=digest,
                    stage=form.stage.data,
                    caption=form.caption.data or "",
                    taken_on=form.taken_on.data,
                ),
            ):
                return to("photos", _("照片已加上。"), project_id=project.id)
    return _photos_page(project, form), 422


@bp.get("/desk/projects/<project_id>/photos/<photo_id>/remove")
@on_project(Permission.DELIVERY_EDIT)
def photo_removal(project: Project, photo_id: str) -> str:
    """Show the photograph that is to be removed."""
    return _removal_page(project, photo_id, RefusingForm())


@bp.post("/desk/projects/<project_id>/photos/<photo_id>/remove")
@on_project(Permission.DELIVERY_EDIT)
def photo_removal_submit(project: Project, photo_id: str) -> Any:
    """Remove a photograph."""
    form = RefusingForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda session: remove_photo(
            session,
            now=now(),
            actor=current_user.actor,
            project_id=project.id,
            photo_id=photo_id,
        ),
    ):
        return to("photos", _("照片已去掉。"), project_id=project.id)
    return _removal_page(project, photo_id, form), 422


def _page(project: Project, form: EntryForm) -> str:
    return render_template(
        "delivery/progress.html",
        project=project,
        form=form,
        entries=entries_of(get_session(), project.id),
        may_change=may_change(project),
    )


def _photos_page(project: Project, form: PhotoForm) -> str:
    found = photos_of(get_session(), project.id)
    return render_template(
        "delivery/photos.html",
        project=project,
        form=form,
        groups=[
            (name, [photo for photo in found if photo.stage == stage])
            for stage, name in PHOTO_STAGES.items()
        ],
        may_change=may_change(project),
    )


def _removal_page(project: Project, photo_id: str, form: RefusingForm) -> str:
    photo = get_photo(get_session(), project.id, photo_id)
    if photo.removed_at is not None and not form.errors:
        raise NotFound
    return render_template("delivery/photo_removal.html", project=project, photo=photo, form=form)
