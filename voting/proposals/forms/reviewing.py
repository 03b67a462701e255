"""What the street sends when it reviews a candidate, and what the meeting sends."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField, FileSize
from wtforms import BooleanField, DateField, Field, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired

from voting.adapters.attachments import clean_attachment
from voting.adapters.pictures import MOST_BYTES
from voting.proposals.models import Candidate
from voting.proposals.rules import MOST_BENEFICIARIES, PLACE_MOST, REASON_MOST
from voting.proposals.rules.screening import NOTE_MOST
from voting.proposals.service import Removal, ReviewFacts
from voting.reading import WAN, read_whole, written_amount
from voting.web.db import current_files
from voting.web.fields import cents, check_between, digits, text, unit
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_USUAL = "造价、受益人数、地点已经核定，同意进入推选大会。"


class ReviewForm(RefusingForm):
    """What the street settles about a candidate."""

    verdict = RadioField(
        lazy_("联审结论"),
        choices=[
            SelectChoice("passed", lazy_("通过联审")),
            SelectChoice("failed", lazy_("未通过联审")),
        ],
        validators=[DataRequired(lazy_("请选择联审结论。"))],
    )
    cost = digits(lazy_("核定预算"), required=lazy_("请填核定的预算。"))
    cost_unit = unit(lazy_("预算单位"))
    cost_basis = text(
        lazy_("造价的依据"),
        NOTE_MOST,
        hint=lazy_("例如：询价 3 家，取中间价；或按定额估算。通过联审必填。"),
    )
    beneficiaries = digits(lazy_("核定受益人数"), required=lazy_("请填大约有多少人受益。"))
    place = text(lazy_("核定实施地点"), PLACE_MOST, required=lazy_("请填实施地点。"))
    upkeep = text(
        lazy_("以后谁来维护、钱从哪里出"), NOTE_MOST,
        hint=lazy_("例如：由物业维护，费用从公共收益出。通过联审必填。"),
    )  # fmt: skip
    reason = text(
        lazy_("联审意见"), REASON_MOST, required=lazy_("请写联审意见，建议人会看到。"),
        hint=lazy_("建议人会看到。"), area=True,
    )  # fmt: skip

    def validate_cost(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        cents(field, self.cost_unit)

    def validate_beneficiaries(self, field: Field) -> None:
        """Refuse what cannot be a number of people."""
        check_between(field, 0, MOST_BENEFICIARIES)

    def facts(self) -> ReviewFacts:
        """Return what was settled."""
        return ReviewFacts(
            is_passed=self.verdict.data == "passed",
            cost=cents(self.cost, self.cost_unit),
            beneficiaries=read_whole(self.beneficiaries.data or ""),
            place=self.place.data or "",
            cost_basis=self.cost_basis.data or "",
            upkeep=self.upkeep.data or "",
            reason=self.reason.data or "",
        )


class MeetingForm(RefusingForm):
    """What the meeting chose; the ticks themselves are read beside the form."""

    unreviewed = BooleanField(lazy_("勾选的项目未经联审也列入（只限街道）"))
    reason = text(
        lazy_("未经联审也列入的理由"),
        REASON_MOST,
        hint=lazy_("例如：大会当天提出，街道已到场核过价。"),
    )


class RemovalForm(RefusingForm):
    """Why a project is removed after an objection, since when, and the paper that says so."""

    reason = text(
        lazy_("移除的理由"), REASON_MOST, required=lazy_("请写明移除的理由，居民会看到。"),
        hint=lazy_("居民会看到，不写提异议的人的姓名。"), area=True,
    )  # fmt: skip
    day = DateField(lazy_("决定的日期"), validators=[InputRequired(lazy_("请填决定的日期。"))])
    file = FileField(
        lazy_("处理意见书的扫描件或照片"),
        validators=[FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。"))],
    )

    def removal(self) -> Removal:
        """Return what was entered, with the stored file; raise AttachmentRefused."""
        digest = None
        if self.file.data:
            digest = current_files().put(clean_attachment(self.file.data.read()).content)
        return Removal(
            reason=self.reason.data or "", day=self.day.data or date.min, file_digest=digest
        )


def of_review(candidate: Candidate) -> dict[str, Any]:
    """Return what is known of a candidate as the review's form shows it."""
    amount, unit = written_amount(candidate.cost) if candidate.cost else ("", WAN)
    return {
        "place": candidate.place,
        "beneficiaries": candidate.beneficiaries or "",
        "cost": amount,
        "cost_unit": str(unit),
        "reason": _USUAL,
    }
