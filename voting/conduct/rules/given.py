"""What an officer gives with a step: when and by whom it was done, why, and a file that shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from voting.conduct.rules.steps import Step
from voting.errors import Refusal

PERSON_MOST = 40


@dataclass(frozen=True)
class Given:
    """The day and the person the step asks for, and the digest and name of a stored file."""

    day: date | None = None
    person: str = ""
    file_digest: str | None = None
    file_name: str = ""


class GivenRefused(Refusal):
    """Something the step asks for is missing or cannot be."""

    status: ClassVar[int] = 422


class ReasonMissing(GivenRefused):
    """The step needs a reason that people can read later."""

    msgid = "请写明%(what)s。"
    field = "reason"


class ReasonTooLong(GivenRefused):
    """More than anybody will read."""

    msgid = "最多 %(most)d 个字。"
    field = "reason"


class DayMissing(GivenRefused):
    """The step says on which day something was done."""

    msgid = "请填%(what)s。"
    field = "day"


class DayInFuture(GivenRefused):
    """What has not happened cannot be noted."""

    msgid = "%(what)s不能晚于今天。"
    field = "day"


class DayTooEarly(GivenRefused):
    """It would have happened before there was a round."""

    msgid = "%(what)s不能早于建立这个轮次的那一天。请核对年份。"
    field = "day"


class PersonMissing(GivenRefused):
    """The step says who did it."""

    msgid = "请填%(what)s。"
    field = "person"


class PersonTooLong(GivenRefused):
    """More than a name."""

    msgid = "最多 %(most)d 个字。"
    field = "person"


class FileMissing(GivenRefused):
    """The step is proved by a file."""

    msgid = "请上传%(what)s。"
    field = "file"


def asked_for(step: Step, given: Given) -> Given:
    """Return of what was given what the step asks for."""
    has_file = step.needs_file != "no" and given.file_digest is not None
    return replace(
        given,
        day=given.day if step.needs_day else None,
        person=given.person.strip() if step.needs_person else "",
        file_digest=given.file_digest if has_file else None,
        file_name=given.file_name if has_file else "",
    )


def lacking(
    step: Step, given: Given, reason: str, *, today: date, since: date, is_rehearsal: bool = False
) -> list[GivenRefused]:
    """Return what is wrong with what was given; ``since`` is the day the round was made."""
    return [
        *_reason(step, reason),
        *_day(step, given, today, since),
        *_person(step, given),
        *_file(step, given, is_rehearsal=is_rehearsal),
    ]


def needs_file(step: Step, *, is_rehearsal: bool) -> bool:
    """Tell whether a step cannot do without its file; nobody posts or files a rehearsal."""
    return step.needs_file == "must" and not is_rehearsal


def _reason(step: Step, reason: str) -> Iterable[GivenRefused]:
    if step.needs_reason and not reason:
        yield ReasonMissing(what=step.reason_label)
    if len(reason) > step.reason_most:
        yield ReasonTooLong(most=step.reason_most)


def _day(step: Step, given: Given, today: date, since: date) -> Iterable[GivenRefused]:
    if not step.needs_day:
        return
    if given.day is None:
        yield DayMissing(what=step.day_label)
    elif given.day > today:
        yield DayInFuture(what=step.day_label)
    elif given.day < since:
        yield DayTooEarly(what=step.day_label)


def _person(step: Step, given: Given) -> Iterable[GivenRefused]:
    if step.needs_person and not given.person:
        yield PersonMissing(what=step.person_label)
    if len(given.person) > PERSON_MOST:
        yield PersonTooLong(most=PERSON_MOST)


def _file(step: Step, given: Given, *, is_rehearsal: bool) -> Iterable[GivenRefused]:
    if needs_file(step, is_rehearsal=is_rehearsal) and given.file_digest is None:
        yield FileMissing(what=step.file_label)
