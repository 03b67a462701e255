"""The works of a round after its result: approved, built, shown in photographs, settled, filed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from voting.clock import at_local, local_day
from voting.conduct.rules import Given
from voting.delivery.models import Project
from voting.delivery.rules.facts import Given as Shown
from voting.delivery.rules.facts import Responsibility
from voting.delivery.rules.progress import month_before, month_of
from voting.delivery.rules.states import ProjectState
from voting.delivery.service import (
    advance_project,
    pack,
    projects_of,
    report_month,
    set_responsibility,
)
from voting.demo.rules.deliveries import (
    ENDED,
    EVERY_STATE,
    FILED,
    MEASURES,
    PERSONS,
    REASONS,
    Course,
    course_to,
)
from voting.demo.service.building import Building, Do
from voting.demo.service.preparing import Preparing
from voting.demo.service.scene import Act, Part
from voting.rounds.rules import Phase

_STATES = {
    Phase.CONFIRMED: (),
    Phase.IMPLEMENTING: EVERY_STATE,
    Phase.CLOSED: ENDED,
    Phase.ARCHIVED: FILED,
}
_SHARES = {"contract": 96, "publish-final": 95, "request-change": 104}  # of what the vote gave


class Delivering:
    """Tells how the works of a round were done."""

    def __init__(self, part: Part, preparing: Preparing, yesterday: date) -> None:
        self._part = part
        self._preparing = preparing
        self._yesterday = yesterday
        self._days = part.story.days
        self._building = Building(part)
        self._projects: list[Project] = []

    def acts(self) -> Iterator[Act]:
        """Yield what was done from the confirmation of the result on."""
        ends = self._part.story.ends
        if ends not in _STATES:
            return
        yield Act(at_local(self._days.confirmed, 9), self._confirm, 20)
        states = _STATES[ends]
        if not states:
            return
        approved = self._days.confirmed + timedelta(days=7)
        if ends is Phase.IMPLEMENTING:
            yield Act(at_local(self._days.confirmed, 15), self._pack, 10)
        last = self._over(ends)
        for turn, state in enumerate(states):
            if state is not ProjectState.TO_APPROVE:
                course, end = course_to(state), last - timedelta(days=turn % 4)
                approve = partial(self._approve, turn, course, end)
                yield Act(at_local(approved, 9, turn), approve, 10)
                yield from self._course(turn, course, end)
        yield self._step(approved, 11, Phase.IMPLEMENTING)
        if ends is Phase.IMPLEMENTING:
            yield Act(at_local(self._yesterday, 17), self._report, 10)
            return
        yield self._step(last + timedelta(days=2), 10, Phase.CLOSED)
        if ends is Phase.ARCHIVED:
            yield self._step(last + timedelta(days=40), 10, Phase.ARCHIVED)

    def _over(self, ends: Phase) -> date:
        """Return the day on which the last step of any work was taken."""
        if ends is Phase.IMPLEMENTING:
            return self._yesterday
        return self._days.confirmed + timedelta(days=150)

    def _course(self, turn: int, course: Course, last: date) -> Iterator[Act]:
        for key, ago in course.steps:
            day = last - timedelta(days=ago)
            yield Act(at_local(day, 14, turn), partial(self._move, turn, key), 8)
        for hour, minute, day, do in self._building.acts(course, last):
            at = at_local(day, hour, minute)
            yield Act(at + timedelta(seconds=turn), partial(self._build, turn, do), 4)

    def _confirm(self, now: datetime) -> None:
        part = self._part
        self._preparing.advance(Phase.CONFIRMED, part.street, now)
        lines = projects_of(part.scene.session, part.round.id, today=local_day(now))
        # In the order in which the works were told, so that each gets its own state.
        place = {work.title: number for number, work in enumerate(part.story.works)}
        self._projects = sorted((line.project for line in lines), key=lambda one: place[one.title])

    def _pack(self, now: datetime) -> None:
        """The last two works are carried out as one."""
        part = self._part
        *_others, first, second = self._projects
        packed = pack(
            part.scene.session, now=now, actor=part.street.actor, round_id=part.round.id,
            project_ids=[first.id, second.id], title=f"{first.title}、{second.title}"[:40],
            reason="两处挨着，由一家施工，少围挡一次。",
        )  # fmt: skip
        self._projects = [*_others, packed]

    def _approve(self, turn: int, course: Course, last: date, now: datetime) -> None:
        project = self._projects[turn]
        self._answer_for(project, now, is_measured=False)
        self._move(turn, "approve", now)
        self._building.plan(project, course, last, now)

    def _answer_for(self, project: Project, now: datetime, *, is_measured: bool) -> None:
        part = self._part
        measure, before, after = MEASURES.get(project.title, ("", None, None))
        set_responsibility(
            part.scene.session, now=now, actor=part.worker.actor, project_id=project.id,
            facts=Responsibility(
                target=f"{project.title}：按方案全部完成，{project.beneficiaries} 人受益。",
                unit=part.story.office.name, person="赵某某", leader="周某某（街道）",
                contractor=project.contractor, measure=measure, measure_before=before,
                measure_after=after if is_measured else None,
            ),
        )  # fmt: skip

    def _move(self, turn: int, key: str, now: datetime) -> None:
        part, project = self._part, self._projects[turn]
        if key == "accept":
            self._answer_for(project, now, is_measured=True)
        share = _SHARES.get(key)
        has_scan = key == "contract"
        advance_project(
            part.scene.session,
            now=now,
            actor=part.street.actor,
            project_id=project.id,
            key=key,
            reason=REASONS.get(key, ""),
            given=Shown(
                day=local_day(now),
                person=PERSONS.get(key, ""),
                amount=project.budget * share // 100 if share else None,
                file_digest=part.scene.papers.picture("合同") if has_scan else None,
                file_name="合同扫描件.jpg" if has_scan else "",
            ),
            permissions=part.street.permissions,
            site=part.scene.address,
        )

    def _build(self, turn: int, do: Do, now: datetime) -> None:
        do(self._projects[turn], now)

    def _report(self, now: datetime) -> None:
        part, today = self._part, local_day(now)
        report_month(
            part.scene.session, now=now, actor=part.street.actor, round_id=part.round.id,
            month=month_before(month_of(today)), site=part.scene.address,
        )  # fmt: skip

    def _step(self, day: date, hour: int, to: Phase) -> Act:
        at: datetime = at_local(day, hour, 30)
        return Act(at, partial(self._go, to), 10)

    def _go(self, to: Phase, now: datetime) -> None:
        part = self._part
        filed = to is Phase.ARCHIVED
        given = Given(
            file_digest=part.scene.papers.picture("合同") if filed else None,
            file_name="归档移交单.jpg" if filed else "",
        )
        self._preparing.advance(to, part.street, now, given=given)
