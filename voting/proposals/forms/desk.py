"""What the desk sends about proposals and candidates."""

from dataclasses import replace
from typing import Any

from flask_wtf.file import FileField, FileSize
from wtforms import BooleanField, Field

from voting.adapters.pictures import MOST_BYTES
from voting.proposals.forms.fields import categories
from voting.proposals.models import Candidate
from voting.proposals.rules import (
    DESCRIPTION_MOST,
    HIGHEST_NUMBER,
    MOST_BENEFICIARIES,
    NAME_MOST,
    PLACE_MOST,
    REASON_MOST,
    SENTENCE_MOST,
    TITLE_MOST,
    CandidateFacts,
    ProposalFacts,
)
from voting.reading import read_phone, read_whole, written_amount
from voting.web.fields import cents, check_between, digits, phone, text, unit
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_


class ProposalForm(RefusingForm):
    """A proposal as it stands on paper."""

    title = text(
        lazy_("建议名称"),
        TITLE_MOST,
        required=lazy_("请填建议名称。"),
        hint=lazy_("一句话说清要做什么，例如：给 3 栋加装无障碍扶手。"),
    )
    category = categories()
    place = text(lazy_("地点"), PLACE_MOST, required=lazy_("请填地点。"))
    reason = text(
        lazy_("理由"),
        REASON_MOST,
        required=lazy_("请填理由。纸上没有写的，可以问一问建议人。"),
        area=True,
    )
    proposer_name = text(
        lazy_("建议人姓名"),
        NAME_MOST,
        required=lazy_("请填建议人姓名。"),
        hint=lazy_("加密保存，页面上只显示姓。"),
    )
    phone = phone(
        lazy_("联系电话"),
        hint=lazy_("加密保存，只用来告诉建议人办理情况。老人可以留家人的电话。"),
    )

    def facts(self) -> ProposalFacts:
        """Return what was entered."""
        return ProposalFacts(
            title=self.title.data or "",
            category=self.category.data,
            place=self.place.data or "",
            reason=self.reason.data or "",
            proposer_name=self.proposer_name.data or "",
            phone=read_phone(self.phone.data) if self.phone.data else "",
        )


class CorrectionForm(ProposalForm):
    """A proposal that was entered wrongly; the telephone that is kept is not shown again."""

    drop_phone = BooleanField(lazy_("删掉原来的电话"))

    def corrected(self, phone: str) -> ProposalFacts:
        """Return what was entered; without a new telephone the one that is kept stays."""
        facts = self.facts()
        if facts.phone or self.drop_phone.data:
            return facts
        return replace(facts, phone=phone)


class CandidateForm(RefusingForm):
    """A candidate as it will stand on the ballot."""

    title = text(lazy_("项目名称"), TITLE_MOST, required=lazy_("请填项目名称。"))
    category = categories()
    place = text(lazy_("实施地点"), PLACE_MOST, required=lazy_("请填实施地点。"))
    sentence = text(
        lazy_("一句话说明"),
        SENTENCE_MOST,
        required=lazy_("请写一句话，印在选票上。"),
        hint=lazy_("最多 40 个字，说清做什么、谁受益。"),
    )
    description = text(
        lazy_("详细说明"),
        DESCRIPTION_MOST,
        hint=lazy_("最多 200 个字。居民点“详细说明”才会看到。"),
        area=True,
    )
    cost = digits(lazy_("预算"), required=lazy_("请填预算。"))
    cost_unit = unit(lazy_("预算单位"))
    beneficiaries = digits(
        lazy_("受益人数"),
        required=lazy_("请填大约有多少人受益。"),
        hint=lazy_("得票一样时，受益人多的排在前面。"),
    )
    ballot_number = digits(lazy_("选票编号"), hint=lazy_("不填就用下一个空号。"))
    picture = FileField(
        lazy_("照片"),
        validators=[FileSize(MOST_BYTES, message=lazy_("图片不能超过 15 MB。"))],
    )
    drop_picture = BooleanField(lazy_("去掉现在的照片"))
    reason = text(
        lazy_("合并的理由"),
        REASON_MOST,
        hint=lazy_("建议人会看到。不填就写“列入候选项目”。"),
    )

    def validate_cost(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        cents(field, self.cost_unit)

    def validate_beneficiaries(self, field: Field) -> None:
        """Refuse what cannot be a number of people."""
        check_between(field, 0, MOST_BENEFICIARIES)

    def validate_ballot_number(self, field: Field) -> None:
        """Refuse what cannot be a number on a ballot."""
        if field.data:
            check_between(field, 1, HIGHEST_NUMBER)

    @property
    def number(self) -> int | None:
        """The number that was typed, if one was."""
        return read_whole(self.ballot_number.data) if self.ballot_number.data else None

    @property
    def why(self) -> str:
        """Why the proposals are put together, if it was written."""
        return self.reason.data or ""

    @property
    def upload(self) -> bytes:
        """The file that came along; empty when none did."""
        return self.picture.data.read() if self.picture.data else b""

    def facts(self, picture: str | None) -> CandidateFacts:
        """Return what was entered, with the digest of the picture."""
        return CandidateFacts(
            title=self.title.data or "",
            category=self.category.data,
            place=self.place.data or "",
            sentence=self.sentence.data or "",
            description=self.description.data or "",
            cost=cents(self.cost, self.cost_unit),
            beneficiaries=read_whole(self.beneficiaries.data or ""),
            picture=picture,
        )


class ActForm(RefusingForm):
    """A button: nothing but the token that says it was ours."""


def of_candidate(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as the form shows it."""
    amount, unit = written_amount(candidate.cost)
    same = (
        "title",
        "category",
        "place",
        "sentence",
        "description",
        "beneficiaries",
        "ballot_number",
    )
    return {name: getattr(candidate, name) for name in same} | {
        "cost": amount,
        "cost_unit": str(unit),
    }
