"""What is sent when something is handed out, taken back, exchanged or entered late."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from voting.paper.rules.lines import read_lines
from voting.roll.models import Channel
from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.fields import sought, text, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_ID = r"[a-z0-9]{1,64}\Z"
_MEDIA = AnyOf(("card", "paper"))
_MOST_TYPED, _ANSWER_MOST, _GIVEN_MOST = 4000, 200, 300

# Codes for the journal, and what the worker reads.
UNDO_REASONS = (
    SelectChoice("wrong_person", lazy_("点错了人，没有发出去")),
    SelectChoice("returned", lazy_("居民当场退回，已经收好")),
)


class FindForm(FlaskForm):
    """What a worker types to find somebody; empty ends the search."""

    text = sought(
        lazy_("查找居民"),
        LONGEST_SEARCH,
        hint=lazy_("填楼栋房号（3栋502）、姓，或证件号码的后四位。"),
    )


class _PersonForm(FlaskForm):
    elector_id = HiddenField(validators=[InputRequired(), Regexp(_ID)])
    medium = HiddenField(default="card", validators=[_MEDIA])
    page = IntegerField(validators=[Optional()])


class HandOutForm(_PersonForm):
    """Whom something was handed to, or for whom somebody of the household took it."""

    taker_id = HiddenField(validators=[Optional(), Regexp(_ID)])


class UndoForm(_PersonForm):
    """Whose hand-out is taken back, and why."""

    reason = SelectField(
        lazy_("撤销原因"),
        choices=[SelectChoice("", lazy_("请选择")), *UNDO_REASONS],
        validators=[InputRequired(lazy_("请选择撤销的原因。"))],
    )


class ExchangeForm(RefusingForm):
    """What somebody brought back, and what they get instead."""

    elector_id = HiddenField(validators=[InputRequired(), Regexp(_ID)])
    given = text(
        lazy_("交回来的卡或票"), _GIVEN_MOST, required=lazy_("请扫交回来的卡或票，或输入编号。"),
        hint=lazy_("扫二维码；扫不了的，卡输入存根编号或输入码，票输入九位编号。"),
    )  # fmt: skip
    after = RadioField(lazy_("换成什么"), validators=[InputRequired(lazy_("请选择换成什么。"))])

    def offer(self, channels: Sequence[Channel]) -> None:
        """Offer what this round has."""
        names = {
            Channel.CARD_HANDED: _("投票卡"),
            Channel.PAPER_HANDED: _("纸质票"),
            Channel.ASSISTED: _("工作人员协助投票"),
        }
        self.after.choices = [SelectChoice(one.value, names[one]) for one in channels]


class LateForm(RefusingForm):
    """The lines of a printed register on which somebody signed, and for what."""

    lines = TextAreaField(
        lazy_("签了名的序号"),
        description=lazy_("照着登记表上的序号填，用空格分开；连着的写成 12-15。"),
        filters=[tidy],
        validators=[
            InputRequired(lazy_("请填签了名的序号。")),
            Length(max=_MOST_TYPED, message=lazy_("一次填得太多，请分几次。")),
        ],
    )
    given = RadioField(lazy_("发的是什么"), validators=[InputRequired(lazy_("请选择发的是什么。"))])

    def offer(self, *, card: bool, holders: Sequence[tuple[str, str]]) -> None:
        """Offer cards where the round has them, and papers by the worker out of whose bundle they came."""
        papers = [
            SelectChoice(id, _("纸质票，从%(name)s名下的本子里发的", name=name))
            for id, name in holders
        ]
        self.given.choices = [*([SelectChoice("card", _("投票卡"))] if card else []), *papers]

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed; raise OddLines or TooManyLines."""
        holder = None if self.given.data == "card" else self.given.data
        return {
            "numbers": read_lines(self.lines.data or ""),
            "medium": "paper" if holder else "card",
            "holder_id": holder,
        }


class AnswerForm(RefusingForm):
    """What a conflict turned out to be."""

    answer = text(
        lazy_("查明的情况"), _ANSWER_MOST, required=lazy_("请写明查到的情况。"),
        hint=lazy_("比如：重复领票，票已收回作废；或者登记表上签错了行。不要写姓名。"),
    )  # fmt: skip
