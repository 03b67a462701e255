"""What the desk sends about proposals and candidates."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileSize
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from voting.adapters.pictures import MOST_BYTES
from voting.errors import Refusal
from voting.proposals.models import CATEGORY_NAMES, Candidate
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
from voting.rounds.rules import (
    WAN,
    YUAN,
    is_plain,
    read_money,
    read_phone,
    read_whole,
    shown,
    written_amount,
)
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_, say

Read = TypeVar("Read")


def _tidy(given: object) -> str:
    return "" if given is None else shown(str(given).replace("\r\n", "\n").strip())


def _plain(_form: FlaskForm, field: Field) -> None:
    if not is_plain(field.data or "", lines=isinstance(field, TextAreaField)):
        raise ValidationError(lazy_("文字里有看不见的字符。请删掉重新输入。"))


def _text(
    label: Any, most: int, *, required: Any = None, hint: Any = "", area: bool = False
) -> StringField:
    need = DataRequired(required) if required else Optional()
    short = Length(max=most, message=lazy_("最多 %(most)s 个字。", most=most))
    kind = TextAreaField if area else StringField
    return kind(label, description=hint, filters=[_tidy], validators=[need, short, _plain])


def _read(reader: Callable[..., Read], *args: Any) -> Read:
    """Read what was typed by a rule; its refusal becomes the field's sentence."""
    try:
        return reader(*args)
    except Refusal as refusal:
        raise ValidationError(say(refusal)) from refusal


def _check_between(field: Field, least: int, most: int) -> None:
    if not least <= _read(read_whole, field.data) <= most:
        raise ValidationError(
            lazy_("请填 %(least)s 到 %(most)s 之间的整数。", least=least, most=most)
        )


def _categories() -> RadioField:
    return RadioField(
        lazy_("类别"),
        choices=[SelectChoice(category.value, name) for category, name in CATEGORY_NAMES.items()],
        validators=[DataRequired(lazy_("请选择类别。"))],
    )


class ProposalForm(RefusingForm):
    """A proposal as it stands on paper."""

    title = _text(
        lazy_("建议名称"),
        TITLE_MOST,
        required=lazy_("请填建议名称。"),
        hint=lazy_("一句话说清要做什么，例如：给 3 栋加装无障碍扶手。"),
    )
    category = _categories()
    place = _text(lazy_("地点"), PLACE_MOST, required=lazy_("请填地点。"))
    reason = _text(
        lazy_("理由"),
        REASON_MOST,
        required=lazy_("请填理由。纸上没有写的，可以问一问建议人。"),
        area=True,
    )
    proposer_name = _text(
        lazy_("建议人姓名"),
        NAME_MOST,
        required=lazy_("请填建议人姓名。"),
        hint=lazy_("加密保存，页面上只显示姓。"),
    )
    phone = _text(
        lazy_("联系电话"),
        24,
        hint=lazy_("加密保存，只用来告诉建议人办理情况。老人可以留家人的电话。"),
    )

    def validate_phone(self, field: Field) -> None:
        """Refuse what nobody can dial."""
        if field.data:
            _read(read_phone, field.data)

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


class CandidateForm(RefusingForm):
    """A candidate as it will stand on the ballot."""

    title = _text(lazy_("项目名称"), TITLE_MOST, required=lazy_("请填项目名称。"))
    category = _categories()
    place = _text(lazy_("实施地点"), PLACE_MOST, required=lazy_("请填实施地点。"))
    sentence = _text(
        lazy_("一句话说明"),
        SENTENCE_MOST,
        required=lazy_("请写一句话，印在选票上。"),
        hint=lazy_("最多 40 个字，说清做什么、谁受益。"),
    )
    description = _text(
        lazy_("详细说明"),
        DESCRIPTION_MOST,
        hint=lazy_("最多 200 个字。居民点“详细说明”才会看到。"),
        area=True,
    )
    cost = StringField(
        lazy_("预算"), filters=[_tidy], validators=[DataRequired(lazy_("请填预算。"))]
    )
    cost_unit = SelectField(
        lazy_("预算单位"),
        choices=[SelectChoice(str(WAN), lazy_("万元")), SelectChoice(str(YUAN), lazy_("元"))],
        default=str(WAN),
        validators=[DataRequired()],
    )
    beneficiaries = StringField(
        lazy_("受益人数"),
        filters=[_tidy],
        validators=[DataRequired(lazy_("请填大约有多少人受益。"))],
        description=lazy_("得票一样时，受益人多的排在前面。"),
    )
    ballot_number = StringField(
        lazy_("选票编号"),
        filters=[_tidy],
        validators=[Optional()],
        description=lazy_("不填就用下一个空号。"),
    )
    picture = FileField(
        lazy_("照片"),
        validators=[FileSize(MOST_BYTES, message=lazy_("图片不能超过 15 MB。"))],
    )
    drop_picture = BooleanField(lazy_("去掉现在的照片"))

    def validate_cost(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        unit = self.cost_unit.data
        _read(read_money, field.data, int(unit) if unit in {str(WAN), str(YUAN)} else WAN)

    def validate_beneficiaries(self, field: Field) -> None:
        """Refuse what cannot be a number of people."""
        _check_between(field, 0, MOST_BENEFICIARIES)

    def validate_ballot_number(self, field: Field) -> None:
        """Refuse what cannot be a number on a ballot."""
        if field.data:
            _check_between(field, 1, HIGHEST_NUMBER)

    @property
    def number(self) -> int | None:
        """The number that was typed, if one was."""
        return read_whole(self.ballot_number.data) if self.ballot_number.data else None

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
            cost=read_money(self.cost.data or "", int(self.cost_unit.data)),
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
