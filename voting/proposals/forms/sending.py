"""What residents send from a phone: a proposal, its supplement, an appeal."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, ValidationError

from voting.proposals.forms.fields import categories
from voting.proposals.models import Proposal
from voting.proposals.rules import NAME_MOST, PLACE_MOST, REASON_MOST, TITLE_MOST
from voting.proposals.rules.sending import APPEAL_MOST, MOST_PHOTOS, SentFacts
from voting.proposals.service.following import SupplementFacts
from voting.reading import read_phone
from voting.rounds.models import Round
from voting.web.fields import phone, text
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_KEY_BYTES = 16
_LONGEST_KEY = 64


class WishForm(RefusingForm):
    """What is wished for, where and why, with up to three photographs.

    ``sending`` names this one form: photographs that were accepted belong to it, and sending it twice
    sends one proposal. ``kept`` are the digests of those photographs.
    """

    title = text(
        lazy_("想办什么事"),
        TITLE_MOST,
        required=lazy_("请写一句话：想办什么事。"),
        hint=lazy_("一句话就行，例如：楼道里装扶手。"),
    )
    place = text(
        lazy_("在什么地方"),
        PLACE_MOST,
        required=lazy_("请写在什么地方，例如：3 栋 2 单元楼道。"),
        hint=lazy_("例如：3 栋 2 单元楼道。"),
    )
    reason = text(
        lazy_("为什么要办"),
        REASON_MOST,
        required=lazy_("请写几句为什么要办，工作人员好去看现场。"),
        hint=lazy_("现在有什么不方便，办好了哪些人受益。不要写别人的姓名、电话。"),
        area=True,
    )
    category = categories()
    photo_1 = FileField(lazy_("照片"))
    photo_2 = FileField(lazy_("照片"))
    photo_3 = FileField(lazy_("照片"))
    sending = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[str] = []
        given = str(self.sending.data or "")
        if not (given.isascii() and given.isalnum() and len(given) <= _LONGEST_KEY):
            given = secrets.token_hex(_KEY_BYTES)
        self.sending.data = given

    @property
    def uploads(self) -> Iterator[tuple[Field, bytes]]:
        """The files that came along, each with its field."""
        for field in self.photo_fields:
            if field.data:
                with closing(field.data) as file:
                    yield field, file.read()

    @property
    def photo_fields(self) -> list[Field]:
        """The three fields for photographs."""
        return [self[f"photo_{number}"] for number in range(1, MOST_PHOTOS + 1)]

    def free_fields(self) -> list[Field]:
        """Return the fields still free beside the accepted photographs, numbered on; a refused one stays."""
        wrong = [field for field in self.photo_fields if field.errors]
        rest = [field for field in self.photo_fields if not field.errors]
        free = [*wrong, *rest][: max(MOST_PHOTOS - len(self.kept), len(wrong))]
        for number, field in enumerate(free, start=len(self.kept) + 1):
            field.label.text = _("第 %(number)s 张照片", number=number)
        return free

    @property
    def dropped(self) -> set[str]:
        """The accepted photographs that shall go."""
        return set(request.form.getlist("drop"))


class SendForm(WishForm):
    """A proposal from a phone; the round says from which age one may propose."""

    proposer_name = text(
        lazy_("您的姓名"),
        NAME_MOST,
        required=lazy_("请填您的姓名，工作人员好跟您联系。"),
        hint=lazy_("加密保存，不公开。"),
    )
    phone = phone(
        lazy_("联系电话"),
        required=lazy_("请填一个能找到您的电话。没有手机，可以填座机或子女的电话。"),
        hint=lazy_("手机或带区号的座机都行，也可以填子女的。加密保存，不公开。"),
    )
    basis = RadioField(
        lazy_("您和这里的关系"),
        choices=[
            SelectChoice("live", lazy_("住在这里")),
            SelectChoice("work", lazy_("在这里上班")),
            SelectChoice("study", lazy_("在这里上学")),
        ],
        validators=[DataRequired(lazy_("请选一项：居住、工作还是学习。"))],
    )
    is_old = BooleanField()
    agrees = BooleanField(lazy_("我看过说明，同意这样使用我的姓名和电话"))

    def __init__(self, round: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._age = round.min_age
        self.is_old.label.text = _("我已年满 %(age)s 周岁", age=round.min_age)

    def validate_is_old(self, field: Field) -> None:
        """Say how a child's wish comes in all the same."""
        if not field.data:
            raise ValidationError(
                _(
                    "满 %(age)s 周岁请打勾。还没满的，请爸爸妈妈或爷爷奶奶用大人的姓名和电话来提，"
                    "建议一样会办；自己可以打求助电话，报名当“小小观察员”。",
                    age=self._age,
                )
            )

    def validate_agrees(self, field: Field) -> None:
        """Say that paper does without."""
        if not field.data:
            raise ValidationError(
                _("同意请打勾。不同意也能提：填纸质表，交到社区，办法见下面“不想在手机上填”。")
            )

    def facts(self) -> SentFacts:
        """Return what was written."""
        return SentFacts(
            title=self.title.data or "",
            category=self.category.data,
            place=self.place.data or "",
            reason=self.reason.data or "",
            proposer_name=self.proposer_name.data or "",
            phone=read_phone(self.phone.data or ""),
            basis=self.basis.data,
        )


class SupplementForm(WishForm):
    """A proposal that was sent back, written anew."""

    def facts(self) -> SupplementFacts:
        """Return what was written."""
        return SupplementFacts(
            title=self.title.data or "",
            category=self.category.data,
            place=self.place.data or "",
            reason=self.reason.data or "",
        )


def of_proposal(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the form of its supplement shows it."""
    return {name: getattr(proposal, name) for name in ("title", "category", "place", "reason")}


class AppealForm(RefusingForm):
    """Why the street should look at a decision again."""

    words = text(
        lazy_("您的理由"),
        APPEAL_MOST,
        required=lazy_("请写几句：您觉得哪里不对。"),
        hint=lazy_("最多 300 个字。由街道另一位工作人员来看，不是原来那一位。"),
        area=True,
    )
