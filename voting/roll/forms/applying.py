"""What a resident sends who is not on the roll, and what a worker answers."""

import secrets
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, ValidationError

from voting.roll.models import BASIS_NAMES, Basis
from voting.roll.rules.applying import ANSWERS, BY_WORKER, PROOFS, WORDS_MOST
from voting.roll.rules.rooms import LONGEST_ROOM
from voting.roll.service import ApplicationFacts
from voting.web.fields import phone, text
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_KEY_BYTES = 16
_LONGEST_KEY = 64
_NUMBER_MOST = 60


class ApplyForm(RefusingForm):
    """Who asks to be put on the roll; ``sending`` lets a form that is sent twice make one application."""

    name = text(lazy_("姓名"), 50, required=lazy_("请填证件上的姓名。"))
    number = text(
        lazy_("身份证号码"),
        _NUMBER_MOST,
        required=lazy_("请填证件号码。没有身份证的，请带证件到社区服务台登记。"),
        hint=lazy_("18 位，最后一位是 X 的也填上。港澳台居民居住证、外国人永久居留证也可以。"),
    )
    basis = RadioField(
        lazy_("您和这里的关系"),
        choices=[
            SelectChoice("居住", lazy_("住在这里")),
            SelectChoice("工作", lazy_("在这里上班")),
            SelectChoice("学习", lazy_("在这里上学")),
        ],
        validators=[DataRequired(lazy_("请选一项：居住、工作还是学习。"))],
    )
    place = text(
        lazy_("楼栋房号，或单位、学校"),
        LONGEST_ROOM,
        required=lazy_("请填楼栋房号，或者单位、学校的名称。"),
        hint=lazy_("住在这里的填 3栋2单元502；上班的填单位；上学的填学校。"),
    )
    phone = phone(lazy_("联系电话"), hint=lazy_("手机或带区号的座机，也可以填子女的，不填也行。"))
    agrees = BooleanField(lazy_("我看过说明，同意这样使用我的信息"))
    sending = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = str(self.sending.data or "")
        if not (given.isascii() and given.isalnum() and len(given) <= _LONGEST_KEY):
            given = secrets.token_hex(_KEY_BYTES)
        self.sending.data = given

    def validate_agrees(self, field: Field) -> None:
        """Say that the desk does without."""
        if not field.data:
            raise ValidationError(
                _("同意请打勾。不同意也能登记：带身份证到社区服务台，工作人员当面办。")
            )

    def facts(self) -> ApplicationFacts:
        """Return what was typed."""
        return ApplicationFacts(
            name=self.name.data or "",
            number=self.number.data or "",
            basis=self.basis.data,
            place=self.place.data or "",
            phone=self.phone.data or "",
        )


class AcceptForm(RefusingForm):
    """Which paper the worker saw."""

    proof = SelectField(
        lazy_("看了哪种材料"), validators=[InputRequired(lazy_("请选择看了哪种材料。"))]
    )
    seen = BooleanField(lazy_("我看过身份证件和这份材料的原件，和填的内容一致"))
    namesake_checked = BooleanField(lazy_("同名、同住址，已经核对，确是两个人"))

    def offer(self, basis: str) -> None:
        """Fill in the papers for a basis, those of the others behind them."""
        own = PROOFS[basis]
        others = [
            (code, f"{BASIS_NAMES[Basis(kind)]}：{name}")
            for kind, papers in PROOFS.items()
            if kind != basis
            for code, name in papers.items()
        ]
        self.proof.choices = [
            SelectChoice("", _("请选择")),
            *(SelectChoice(code, name) for code, name in [*own.items(), *others]),
        ]

    def validate_seen(self, field: Field) -> None:
        """Refuse what nobody looked at."""
        if not field.data:
            raise ValidationError(_("请看过原件再打勾。"))


class RefuseForm(RefusingForm):
    """Why the person is not put on the roll."""

    answer = SelectField(
        lazy_("不列入的理由"),
        choices=[
            SelectChoice("", lazy_("请选择")),
            *(SelectChoice(code, lazy_(ANSWERS[code][0])) for code in BY_WORKER),
        ],
        validators=[InputRequired(lazy_("请选择理由。"))],
    )
    words = text(
        lazy_("补充说明"),
        WORDS_MOST,
        hint=lazy_("申请人看得到。不要写姓名、号码。"),
    )
