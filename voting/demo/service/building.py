"""What happens on a site: milestones, words for the neighbours, photographs, payments."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from voting.clock import local_day
from voting.delivery.models import Project
from voting.delivery.rules.facts import MilestoneFacts, SpendingFacts
from voting.delivery.service import (
    add_entry,
    add_milestone,
    add_photo,
    enter_spending,
    finish_milestone,
    milestones_of,
)
from voting.demo.rules.deliveries import ENTRIES, MILESTONES, Course
from voting.demo.service.scene import Part
from voting.persistence.base import new_id

Do = Callable[[Project, datetime], object]
_PERSON = "赵某某"
# By the step beside which it is taken: the stage, what is drawn, what stands below it.
_SHOTS = {
    "contract": ("before", "施工前", "动工以前的样子"),
    "start": ("during", "施工中", "围挡装好，正在施工"),
    "complete": ("after", "完工后", "做好以后的样子"),
}
_PAID = {"start": (30, "预付款"), "complete": (50, "进度款"), "survey": (15, "结算款")}


class Building:
    """Does on the works of a round what the community and the builder do."""

    def __init__(self, part: Part) -> None:
        self._part = part

    def plan(self, project: Project, course: Course, last: date, now: datetime) -> None:
        """Set the milestones of a work, so that what stands still is late and hardly anything else."""
        part, reached, unreached = self._part, dict(course.steps), 0
        for title, key in MILESTONES:
            if key in reached:
                planned = last - timedelta(days=reached[key])
            else:
                unreached += 1
                wait = -5 if "suspend" in reached and unreached == 1 else 20 * unreached
                planned = last + timedelta(days=wait)
            add_milestone(
                part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
                key=new_id(), facts=MilestoneFacts(title, _PERSON, planned),
            )  # fmt: skip

    def acts(self, course: Course, last: date) -> Iterator[tuple[int, int, date, Do]]:
        """Yield hour, minute and day of what goes with the steps of a work, and what it is."""
        keys = dict(course.steps)
        for key, ago in course.steps:
            day = last - timedelta(days=ago)
            for minute, do in enumerate(self._beside(key)):
                yield 11, 10 * minute, day, do
        for number, (_title, key) in enumerate(MILESTONES):
            if key in keys:
                yield 12, 10 * number, last - timedelta(days=keys[key]), self._reach(number)

    def _beside(self, key: str) -> Iterator[Do]:
        if key in _SHOTS:
            yield self._shoot(*_SHOTS[key])
        if key in ENTRIES:
            yield self._tell(ENTRIES[key])
        if key in _PAID:
            yield self._pay(*_PAID[key])

    def _reach(self, number: int) -> Do:
        def do(project: Project, now: datetime) -> None:
            part = self._part
            milestone = milestones_of(part.scene.session, project.id)[number]
            finish_milestone(
                part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
                milestone_id=milestone.id, done_on=local_day(now),
            )  # fmt: skip

        return do

    def _shoot(self, stage: str, scene: str, caption: str) -> Do:
        def do(project: Project, now: datetime) -> None:
            part, papers = self._part, self._part.scene.papers
            drawn = papers.picture(project.title) if stage == "after" else None
            add_photo(
                part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
                key=new_id(), digest=drawn or papers.picture(scene) or "", stage=stage,
                caption=caption, taken_on=local_day(now),
            )  # fmt: skip

        return do

    def _tell(self, words: str) -> Do:
        def do(project: Project, now: datetime) -> None:
            part = self._part
            add_entry(
                part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
                key=new_id(), day=local_day(now), words=words,
            )  # fmt: skip

        return do

    def _pay(self, share: int, purpose: str) -> Do:
        def do(project: Project, now: datetime) -> None:
            part = self._part
            facts = SpendingFacts(
                day=local_day(now), amount=project.budget * share // 100, purpose=purpose,
                payee="江西某某建设有限公司（演示）",
            )  # fmt: skip
            enter_spending(
                part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
                key=new_id(), facts=facts,
            )  # fmt: skip

        return do
