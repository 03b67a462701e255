"""What the pages about cards send."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from voting.accounts.models import Officer
from voting.cards.service import MOST_CARDS
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

REASON_MOST = 100
ALL_BUILDINGS = "*"
_UNSEEN = "\ufffd"


def _visible(_form: FlaskForm, field: Field) -> None:
    if _UNSEEN in field.data:
        raise ValidationError(_("这里有看不见的字符，请删掉重写。"))


def _clean(text: str | None) -> str:
    """Strip, and put a mark where nothing can be seen, so that the page can show the text again."""
    unseen = (char if unicodedata.category(char)[0] != "C" else _UNSEEN for char in text or "")
    return "".join(unseen).strip()


class _WholeNumber(IntegerField):
    """A whole number between two others; whatever else is typed gets the same sentence."""

    def __init__(self, label: str, hint: str, least: int, most: int, **kwargs: Any) -> None:
        self._wrong = lazy_("请填 %(least)d 到 %(most)d 之间的整数。", least=least, most=most)
        rules = [InputRequired(self._wrong), NumberRange(least, most, message=self._wrong)]
        super().__init__(label, description=hint, validators=rules, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, full-width digits forgiven."""
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(self._wrong) from wrong

    def _value(self) -> str:
        """Return what was typed, as a page can show it."""
        return _clean(super()._value())  # type: ignore[misc]  # the stubs leave it out


class IssueForm(RefusingForm):
    """A batch of bearer cards."""

    count = _WholeNumber(lazy_("印多少张"), lazy_("一张纸 6 张卡。"), 1, MOST_CARDS)
    beyond = BooleanField(lazy_("我知道比名册多，仍然要印"))


class AssignForm(RefusingForm):
    """A batch of cards that each belong to one person."""

    building = SelectField(
        lazy_("给哪里的居民印"), validators=[InputRequired(lazy_("请选择给哪里印。"))]
    )

    def offer(self, buildings: Sequence[str]) -> None:
        """Offer the buildings of the roll, and all of them at once."""
        everywhere = (ALL_BUILDINGS, _("名册上还没有卡的所有人"))
        self.building.choices = [everywhere, *((name, name or "—") for name in buildings if name)]


class ReprintForm(RefusingForm):
    """The last sheet that came out well."""

    last_good = _WholeNumber(
        lazy_("最后一张印得完好的是第几张纸"),
        lazy_("纸张编号印在每张纸的页边。一张都没印好就填 0。"),
        0,
        MOST_CARDS,
    )


class VoidBatchForm(RefusingForm):
    """Why a whole batch goes."""

    reason = StringField(
        lazy_("作废原因"),
        description=lazy_("会记进操作记录。不要写居民的姓名。"),
        filters=[_clean],
        validators=[
            DataRequired(lazy_("请写明作废的原因。")),
            Length(max=REASON_MOST, message=lazy_("原因最多 100 个字。")),
            _visible,
        ],
    )


# A choice, not a text: what is typed about one card would name a person sooner or later.
_REASONS = ("遗失", "污损或没印好", "发错了", "验证码输错锁住了", "其他")


class CardForm(RefusingForm):
    """One card, and why it goes."""

    card = StringField(
        lazy_("卡的编号"),
        filters=[_clean],
        validators=[
            DataRequired(lazy_("请填卡的编号，或扫一下卡上的二维码。")),
            Length(max=300, message=lazy_("太长了，请只填一张卡的编号。")),
            _visible,
        ],
    )
    reason = SelectField(lazy_("原因"), validators=[InputRequired(lazy_("请选择原因。"))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [("", _("请选择")), *((name, _(name)) for name in _REASONS)]


class HolderForm(RefusingForm):
    """Who keeps the cards of a batch."""

    holder = SelectField(
        lazy_("交给谁保管"), validators=[InputRequired(lazy_("请选一位工作人员。"))]
    )

    def offer(self, officers: Sequence[Officer]) -> None:
        """Offer these officers."""
        self.holder.choices = [(officer.id, officer.name) for officer in officers]


class ActForm(RefusingForm):
    """A button that needs nothing but its token."""
