"""The acts on a project: a step, packing, taking apart, the monthly report."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Optional

from voting.delivery.forms.fields import attachment, small_unit, store
from voting.delivery.rules.conditions import (
    AmountMissing,
    DayMissing,
    FileMissing,
    PersonMissing,
    ReasonMissing,
)
from voting.delivery.rules.facts import REASON_MOST, UNIT_MOST, Given
from voting.delivery.rules.progress import read_month
from voting.delivery.rules.steps import Step
from voting.errors import Refusal
from voting.proposals.rules import TITLE_MOST
from voting.reading import WAN
from voting.web.fields import cents, day, digits, text
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_PERSONS = {
    "contract": (lazy_("承建（服务）单位"), lazy_("合同的另一方，居民看得到。")),
    "accept": (lazy_("参加验收的单位和人"), lazy_("例如：监督小组、站南巷社区、施工单位。")),
    "hand-over": (lazy_("管护责任单位（人）"), lazy_("以后坏了找谁。")),
    "archive": (lazy_("档案接收人"), ""),
}
_AMOUNTS = {
    "contract": lazy_("合同价"),
    "publish-final": lazy_("结算价"),
    "request-change": lazy_("变更后的预算"),
    "approve-change": lazy_("变更后的预算"),
}
_REASONS = {
    "procure": lazy_("不做设计的理由"),
    "publish-final": lazy_("比预算增减的原因"),
    "hand-over": lazy_("测评情况"),
    "rectify": lazy_("要整改的问题"),
    "rectified": lazy_("整改情况"),
    "request-change": lazy_("变更内容和理由"),
}

_MISSING: dict[str, type[Refusal]] = {
    "day": DayMissing,
    "person": PersonMissing,
    "amount": AmountMissing,
    "file": FileMissing,
    "reason": ReasonMissing,
}


def _without_optional(field: Field) -> list[Any]:
    return [one for one in field.validators if not isinstance(one, Optional)]


class StepForm(RefusingForm):
    """A step of a project, with what has to come along."""

    day = day(lazy_("办理日期"))
    person = text(lazy_("办理单位（人）"), UNIT_MOST)
    amount = digits(lazy_("金额"))
    amount_unit = small_unit(WAN)
    reason = text(
        lazy_("理由"), REASON_MOST, hint=lazy_("会写进文书，以后查得到。"), area=True
    )  # fmt: skip
    file = attachment(lazy_("附件"), hint=lazy_("扫描件或照片，只在工作台能看。"))

    def asks(self, step: Step, *, today: date) -> None:
        """Ask for what goes with a step, and for nothing else; what is missing is all named at once."""
        for name in ("day", "person", "amount", "file"):
            if getattr(step, name) == "no":
                del self[name]
            elif getattr(step, name) == "must":
                self._require(name)
        if step.amount == "no":
            del self.amount_unit
        else:
            self.amount.label.text = _AMOUNTS.get(step.key, self.amount.label.text)
        if step.person != "no" and step.key in _PERSONS:
            self.person.label.text, self.person.description = _PERSONS[step.key]
        if step.needs_reason:
            self._require("reason")
        self.reason.label.text = _REASONS.get(step.key, self.reason.label.text)
        if not self.is_submitted():
            self.day.data = today

    def _require(self, name: str) -> None:
        field = self[name]
        field.flags.required = True
        field.flags.optional = False
        field.validators = [DataRequired(_(_MISSING[name].msgid)), *_without_optional(field)]

    def validate_amount(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        if field.data:
            cents(field, self.amount_unit)

    def given(self) -> Given:
        """Store the attached file and return what came along; raise AttachmentRefused."""
        digest, name = store(self.file)
        has_amount = "amount" in self and self.amount.data
        return Given(
            day=self.day.data,
            person=(self.person.data or "") if "person" in self else "",
            file_digest=digest,
            file_name=name,
            amount=cents(self.amount, self.amount_unit) if has_amount else None,
        )


class ReasonForm(RefusingForm):
    """Why something is voided or taken apart."""

    reason = text(lazy_("理由"), REASON_MOST, required=lazy_("请写明理由。"), area=True)


class PackForm(RefusingForm):
    """What several projects are called together, and why they are packed."""

    title = text(lazy_("合并后的名称"), TITLE_MOST, required=lazy_("请填合并后的名称。"))
    reason = text(
        lazy_("合并的理由"),
        REASON_MOST,
        required=lazy_("请写明理由。"),
        hint=lazy_("例如：同一段路上的施工，一起采购。"),
        area=True,
    )


class MonthForm(RefusingForm):
    """The month that is reported."""

    month = SelectField(
        lazy_("月份"), choices=[], validators=[DataRequired(lazy_("请选择月份。"))]
    )  # fmt: skip

    def offer(self, months: Sequence[date]) -> None:
        """Offer the months that have not been reported."""
        self.month.choices = [
            SelectChoice(
                f"{month:%Y-%m}", lazy_("%(year)s年%(month)s月", year=month.year, month=month.month)
            )
            for month in months
        ]

    @property
    def chosen(self) -> date | None:
        """The first day of the chosen month."""
        return read_month(self.month.data or "")
