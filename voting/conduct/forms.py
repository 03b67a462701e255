"""What the pages about steps and appointments send."""

from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, time
from typing import Any, cast

from flask_wtf.file import FileField, FileSize
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from voting.adapters.attachments import clean_attachment, tidy_name
from voting.adapters.pictures import MOST_BYTES
from voting.clock import at_local
from voting.conduct.rules import PERSON_MOST, Given, Step, needs_file
from voting.conduct.service import DUTY_NAMES
from voting.errors import Refusal
from voting.proposals.models import Candidate
from voting.proposals.rules import NAME_MOST
from voting.reading import read_phone
from voting.web.db import current_files, current_keys
from voting.web.fields import cents, day, digits, plain, tidy, unit
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_, say

_KEPT_SECONDS = 24 * 60 * 60
_DUTIES = {
    "monitor": lazy_("监票人：看着开箱和计票，知道谁来开箱"),
    "teller": lazy_("计票人：参加清点和唱票"),
    "supervisor": lazy_("监督员：看项目实施和验收"),
}


def _most(number: int) -> Length:
    return Length(max=number, message=lazy_("最多 %(most)s 个字。", most=number))


class StepForm(RefusingForm):
    """A step of a round: what it asks for, in the words of the step; the other fields are taken away."""

    opens_day = day(lazy_("投票开始日期"))
    opens_time = TimeField(lazy_("开始时间"), default=time(9), validators=[Optional()])
    closes_day = day(lazy_("投票截止日期"))
    closes_time = TimeField(lazy_("截止时间"), default=time(17), validators=[Optional()])
    day = day("")
    person = StringField("", filters=[tidy], validators=[Optional(), _most(PERSON_MOST), plain])
    reason = TextAreaField(
        "",
        description=lazy_("会写进轮次的记录，以后查得到。"),
        filters=[tidy],
        validators=[Optional(), plain],
    )
    file = FileField("", validators=[FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。"))])
    kept = HiddenField()

    def asks(self, step: Step, *, is_rehearsal: bool = False) -> None:
        """Ask for what a step needs, under its own labels."""
        asked = {
            "day": step.day_label if step.needs_day else "",
            "person": step.person_label if step.needs_person else "",
            "reason": step.reason_label if step.needs_reason else "",
            "file": step.file_label if step.needs_file != "no" else "",
            "closes_day": _("投票截止日期") if step.asks_times else "",
            "opens_day": _("投票开始日期") if step.act == "round.repeat" else "",
        }
        for name, label in asked.items():
            self._ask(name, label)
        if "file" in self:
            self.file.flags.required = needs_file(step, is_rehearsal=is_rehearsal)
        if "reason" in self:
            self.reason.validators = [*self.reason.validators, _most(step.reason_most)]

    def _ask(self, name: str, label: str) -> None:
        """Ask for a field under a label; without one, take it away with whatever belongs to it."""
        if label:
            self[name].label.text = label
            self[name].flags.required = True
            return
        beside = {"file": "kept", "closes_day": "closes_time", "opens_day": "opens_time"}
        for gone in (name, beside.get(name)):
            if gone:
                del self[gone]

    def keep_file(self) -> None:
        """Store an attached file at once, so that it need not be chosen again after another mistake.

        Raises AttachmentRefused. What is kept travels in the form itself, signed.
        """
        if "file" not in self or not self.file.data:
            return
        with closing(self.file.data) as file:
            clean = clean_attachment(file.read())
        name = tidy_name(file.filename or "", clean.suffix)
        self.kept.data = _signer().dumps([current_files().put(clean.content), name])

    @property
    def kept_file(self) -> tuple[str | None, str]:
        """The digest and name of the file that was attached, now or before another mistake."""
        if "kept" not in self or not self.kept.data:
            return None, ""
        try:
            digest, name = _signer().loads(self.kept.data, max_age=_KEPT_SECONDS)
        except BadData:
            return None, ""
        return digest, name

    @property
    def given(self) -> Given:
        """What was given with the step."""
        digest, name = self.kept_file
        return Given(
            day=self.day.data if "day" in self else None,
            person=(self.person.data or "") if "person" in self else "",
            file_digest=digest,
            file_name=name,
        )

    @property
    def why(self) -> str:
        """The reason, or whatever the step calls it."""
        return (self.reason.data or "") if "reason" in self else ""

    def moment(self, name: str) -> datetime:
        """Return the moment that the fields ``<name>_day`` and ``<name>_time`` say."""
        day, at = self[f"{name}_day"].data, self[f"{name}_time"].data or time()
        return at_local(day, at.hour, at.minute)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Ask for the days of voting where a step asks for times."""
        is_valid: bool = super().validate(*args, **kwargs)
        for name in ("opens_day", "closes_day"):
            if name in self and not self[name].data and not self[name].errors:
                self[name].errors = [_("请填%(what)s。", what=self[name].label.text)]
                is_valid = False
        return is_valid


class CutForm(StepForm):
    """The new sum, and what the act asks for."""

    budget = digits(lazy_("核减后的资金总额"), required=lazy_("请填核减后的资金总额。"))
    budget_unit = unit(lazy_("资金单位"))

    def validate_budget(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        cents(field, self.budget_unit)

    @property
    def amount(self) -> int:
        """The new sum in cents."""
        return cents(self.budget, self.budget_unit)

    def explain(self) -> None:
        """Say who reads what is written."""
        self.reason.description = _("居民会看到：更正公示和结果页上都写。不要写个人的姓名和电话。")
        self.person.description = _("写会议或者部门，例如“街道党工委会议”。公示里会写。")


class WithdrawForm(StepForm):
    """Which candidate is taken off the list, and what the act asks for."""

    candidate = RadioField(
        lazy_("撤下哪个项目"), validators=[DataRequired(lazy_("请选要撤下的项目。"))]
    )

    def offer(self, standing: Iterable[Candidate]) -> None:
        """Let somebody choose among the candidates that stand on the list."""
        self.candidate.choices = [
            SelectChoice(
                one.id, _("%(number)s 号 %(title)s", number=one.ballot_number, title=one.title)
            )
            for one in standing
        ]
        self.reason.description = _(
            "居民会看到：公告、网上的选票和结果里都写。不要写个人的姓名和电话。"
        )
        self.person.description = _("写会议或者部门，例如“街道办事处主任办公会”。公告里会写。")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_keys().app_key(), salt="file of a step")


class PersonForm(RefusingForm):
    """A person who takes a duty."""

    name = StringField(
        lazy_("姓名"),
        filters=[tidy],
        validators=[DataRequired(lazy_("请填姓名。")), _most(NAME_MOST), plain],
    )
    phone = StringField(
        lazy_("电话"),
        description=lazy_("只用来分清同名的人，不保存号码。"),
        filters=[tidy],
        validators=[Optional(), _most(24)],
    )

    def validate_phone(self, field: Field) -> None:
        """Refuse what nobody can dial."""
        if field.data:
            try:
                read_phone(field.data)
            except Refusal as refusal:
                raise ValidationError(say(refusal)) from refusal

    def person(self) -> dict[str, Any]:
        """Return name and telephone as the services take them."""
        phone = read_phone(self.phone.data) if self.phone.data else ""
        return {"name": self.name.data or "", "phone": phone}


class AppointForm(PersonForm):
    """A person and the duty."""

    duty = RadioField(
        lazy_("做什么"),
        choices=[SelectChoice(duty, _DUTIES[duty]) for duty in DUTY_NAMES],
        validators=[DataRequired(lazy_("请选择做什么。"))],
    )


class ActForm(RefusingForm):
    """A button: nothing but the token that says it was ours."""


class RehearseForm(RefusingForm):
    """When the rehearsal's vote opens and closes; it may open at once."""

    opens_day = day(lazy_("演练投票从哪天开始"), required=lazy_("请填演练投票从哪天开始。"))
    opens_time = TimeField(lazy_("开始时间"), validators=[DataRequired(lazy_("请填开始时间。"))])
    closes_day = day(lazy_("演练投票到哪天截止"), required=lazy_("请填演练投票到哪天截止。"))
    closes_time = TimeField(lazy_("截止时间"), validators=[DataRequired(lazy_("请填截止时间。"))])

    @property
    def times(self) -> tuple[datetime, datetime]:
        """The moments the vote opens and closes."""
        opens = _moment(self.opens_day, self.opens_time)
        closes = _moment(self.closes_day, self.closes_time)
        return opens, closes


def _moment(day: Field, clock: Field) -> datetime:
    at = cast("time", clock.data)
    return at_local(cast("date", day.data), at.hour, at.minute)


class DeleteForm(RefusingForm):
    """That somebody knows what they do."""

    is_sure = BooleanField(
        lazy_("我知道删掉以后找不回来"), validators=[DataRequired(lazy_("请先勾选，再删除。"))]
    )
