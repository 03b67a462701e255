"""One person at the desk: entered, corrected, struck."""

from typing import Any

from wtforms import BooleanField, DateField, Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional

from voting.roll.forms.typed import stripped, visible
from voting.roll.rules.cells import BASIS_WORDS
from voting.roll.rules.papers import PAPER_NAMES, Paper
from voting.roll.service import PersonFacts
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

STRIKE_REASONS = {
    "wrong_entry": lazy_("登错了人，或号码登错了"),
    "doubled": lazy_("同一个人登了两次"),
    "not_here": lazy_("不在本辖区居住、工作或学习"),
    "died": lazy_("已经去世"),
    "asked": lazy_("本人要求不列入"),
}
_NUMBER = "number"


def _text(label: Any, most: int, *, hint: Any = "", required: Any = "") -> StringField:
    asked = [InputRequired(required)] if required else [Optional()]
    return StringField(
        label,
        description=hint,
        filters=[stripped],
        validators=[*asked, Length(max=most, message=lazy_("这里填得太长了。")), visible],
    )


def _basis() -> RadioField:
    return RadioField(
        lazy_("凭什么列入"),
        choices=[SelectChoice(word, word) for word in BASIS_WORDS],
        validators=[InputRequired(lazy_("请选择居住、工作还是学习。"))],
    )


class PersonForm(RefusingForm):
    """Somebody who is not in the sheet, or whose row could not be read."""

    name = _text(lazy_("姓名"), 50, required=lazy_("请填姓名。"))
    basis = _basis()
    place = _text(
        lazy_("楼栋房号，或单位、学校"),
        60,
        hint=lazy_("居住的填 3栋2单元502；没有证件号码的也要填。"),
    )
    shown = RadioField(
        lazy_("出示了什么证件"),
        choices=[
            SelectChoice(_NUMBER, lazy_("身份证、居住证或永久居留证（填号码）")),
            *(SelectChoice(paper.value, name) for paper, name in PAPER_NAMES.items()),
        ],
        default=_NUMBER,
        validators=[InputRequired(lazy_("请选择出示了什么证件。"))],
    )
    number = _text(lazy_("证件号码"), 60, hint=lazy_("只有选第一种才填。最后一位是 X 的也填上。"))
    born = DateField(
        lazy_("出生日期"),
        description=lazy_("没有号码的才填，只用来算年龄，不保存。"),
        validators=[Optional()],
    )
    confirmed = BooleanField(lazy_("我看过证件原件，是本人或家人当面出示的"))
    phone = _text(lazy_("联系电话"), 40)
    old_age_checked = BooleanField(lazy_("105 岁以上的人已经核对过"))
    namesake_checked = BooleanField(lazy_("同名、同住址，已经核对，确是两个人"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what the shown paper needs: its number, or a birth date and that somebody saw it."""
        sound = super().validate(extra_validators)
        # Not as validators of the fields: those are passed over where nothing was typed.
        wanted: list[tuple[Field, Any]] = []
        if self.shown.data == _NUMBER:
            wanted = [(self.number, _("请填证件号码；没有号码的，改选出示的证件。"))]
        elif self.shown.data in PAPER_NAMES:
            wanted = [
                (self.born, _("请填证件上的出生日期。")),
                (self.confirmed, _("请核对证件原件后勾选。")),
            ]
        for field, sentence in wanted:
            if not field.data and not field.errors:
                field.errors = [sentence]
                sound = False
        return bool(sound)

    def facts(self) -> PersonFacts:
        """Return what was typed."""
        by_number = self.shown.data == _NUMBER
        return PersonFacts(
            name=self.name.data or "",
            basis=self.basis.data,
            place=self.place.data or "",
            phone=self.phone.data or "",
            number=(self.number.data or "") if by_number else "",
            paper=None if by_number else Paper(self.shown.data),
            born=None if by_number else self.born.data,
            old_age_checked=self.old_age_checked.data,
            namesake_checked=self.namesake_checked.data,
        )


class CorrectForm(RefusingForm):
    """What of a person may be set down anew."""

    basis = _basis()
    place = _text(lazy_("楼栋房号，或单位、学校"), 60)
    phone = _text(lazy_("联系电话"), 40, hint=lazy_("空着就是没有电话，原来的会删掉。"))


class StrikeForm(RefusingForm):
    """Why somebody is taken off the roll."""

    reason = SelectField(
        lazy_("除名的理由"),
        choices=[
            SelectChoice("", lazy_("请选择")),
            *(SelectChoice(code, text) for code, text in STRIKE_REASONS.items()),
        ],
        validators=[InputRequired(lazy_("请选择除名的理由。"))],
    )
