"""Photographs of a project before, during and after the work."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.delivery.models import ProjectPhoto
from voting.delivery.rules.facts import MOST_PHOTOS, check_not_ahead
from voting.delivery.service.finding import hold_open, may_be_id
from voting.delivery.service.noting import note
from voting.delivery.service.once import already, insert_once
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor


class TooManyPhotos(Refusal):
    """More than a page on an old telephone can carry."""

    msgid = "一个项目最多 %(most)d 张照片。请先去掉几张。"


class PhotoGone(Refusal):
    """It has been removed already."""

    msgid = "这张照片已经去掉了。"


def add_photo(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    key: str,
    digest: str,
    stage: str,
    caption: str,
    taken_on: date | None,
) -> ProjectPhoto:
    """Add a stored photograph; sent again, the same form adds nothing."""
    project = hold_open(session, actor, project_id)
    if taken_on is not None:
        check_not_ahead(taken_on, local_day(now), field="taken_on")
    made = already(session, ProjectPhoto, key, project_id=project.id)
    if made is not None:
        return made
    shown = (ProjectPhoto.project_id == project.id, ProjectPhoto.removed_at.is_(None))
    count = session.scalar(select(func.count()).select_from(ProjectPhoto).where(*shown)) or 0
    if count >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    photo = ProjectPhoto(
        id=key, project_id=project.id, digest=digest, stage=stage, caption=caption,
        taken_on=taken_on, added_at=now, added_by=actor.id,
    )  # fmt: skip
    if insert_once(session, photo):
        note(
            session, actor, "project.photo_add", now=now, project=project, photo=photo.id,
            stage=stage,
        )  # fmt: skip
    return photo


def remove_photo(
    session: Session, *, now: datetime, actor: Actor, project_id: str, photo_id: str
) -> ProjectPhoto:
    """Take a photograph off every page; that it was there stays on record."""
    project = hold_open(session, actor, project_id)
    photo = get_photo(session, project.id, photo_id)
    removed = session.execute(
        update(ProjectPhoto)
        .where(ProjectPhoto.id == photo.id, ProjectPhoto.removed_at.is_(None))
        .values(removed_at=now)
        .returning(ProjectPhoto.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if removed is None:
        raise PhotoGone
    note(session, actor, "project.photo_remove", now=now, project=project, photo=photo.id)
    return photo


def get_photo(session: Session, project_id: str, photo_id: str) -> ProjectPhoto:
    """Return a photograph of this project; raise NotFound for another one's as for none."""
    photo = session.get(ProjectPhoto, photo_id) if may_be_id(photo_id) else None
    if photo is None or photo.project_id != project_id:
        raise NotFound
    return photo
