"""What the pages about spot checks send."""

from collections.abc import Mapping, Sequence

from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, ValidationError

from voting.audits.rules import MOST_CALLS, MOST_CARDS, USUAL_CALLS, USUAL_CARDS
from voting.audits.service import MOST_PAPERS, USUAL_PAPERS, Answer, CallLine, Noted
from voting.ballots.rules import PaperCandidate
from voting.cards.rules import read_short_code
from voting.paper.rules.keying import LONGEST_TYPED
from voting.rounds.models import Appointment
from voting.web.fields import number, plain, text, ticks, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_SERIALS_MOST = 6000
_SOURCE_MOST = 60
_SCANNED_MOST = 200
_NONE = ""
ANSWER_NAMES = {
    Answer.CONFIRMED: lazy_("确认投过"),
    Answer.DENIED: lazy_("说没投过"),
    Answer.UNREACHED: lazy_("联系不上"),
}


class MonitorForm(RefusingForm):
    """An act in the presence of a monitor, who is named."""

    monitor = SelectField(
        lazy_("在场的监票人"), validators=[InputRequired(lazy_("请选择在场的监票人。"))]
    )

    def offer(self, monitors: Sequence[Appointment]) -> None:
        """Offer these monitors."""
        first = (_NONE, _("请选择"))
        self.monitor.choices = [first, *((one.id, one.name) for one in monitors)]


class DrawForm(MonitorForm):
    """How many test cards the machine draws."""

    count = number(lazy_("抽几张"), 1, MOST_CARDS, default=USUAL_CARDS)


class SerialsForm(MonitorForm):
    """The numbers on the stubs that a monitor drew by hand."""

    serials = text(
        lazy_("抽到的卡号"),
        _SERIALS_MOST,
        required=lazy_("请填存根上的卡号，像 03-0012-4，一行一个。"),
        hint=lazy_("存根上的编号，像 03-0012-4。一行一个，或者用空格、逗号隔开。"),
        area=True,
    )


class SampleForm(MonitorForm):
    """How many papers the machine draws."""

    count = number(lazy_("抽几张"), 1, MOST_PAPERS, default=USUAL_PAPERS)


class ThirdForm(RefusingForm):
    """What somebody keys of a drawn paper, a third time."""

    serial = text(
        lazy_("票号"), _SCANNED_MOST, required=lazy_("请扫票上的二维码，或者输 9 位票号。")
    )
    ticks = text(
        lazy_("勾了哪几号"), LONGEST_TYPED, hint=lazy_("和录票一样输；空白的不输，勾选下面一项。")
    )
    blank = BooleanField(lazy_("是空白票"))


class WrittenForm(RefusingForm):
    """What a monitor wrote down of one test ballot."""

    receipt = StringField(
        lazy_("回执号"),
        description=lazy_("纸上写的 16 位，字母不分大小写，中间的空格可以不填。"),
        filters=[tidy],
        validators=[DataRequired(lazy_("请填回执号。")), plain],
    )
    choices = ticks(lazy_("投给了哪几个项目"))
    missing = BooleanField(lazy_("已经和监票人核对过：回执号没有抄错，票箱里确实没有"))

    def offer(self, candidates: Sequence[PaperCandidate]) -> None:
        """Offer the projects as they stood on the ballot."""
        self.choices.choices = [
            SelectChoice(str(one.number), f"{one.number} · {one.title}") for one in candidates
        ]

    def validate_receipt(self, field: Field) -> None:
        """Refuse what cannot be a receipt."""
        if read_short_code(field.data) is None:
            raise ValidationError(
                _("回执号是 16 位字母和数字（数字只有 2 到 7）。请看纸上写的，再填一次。")
            )

    @property
    def code(self) -> str:
        """The receipt in its 16 characters; ask only when the form is valid."""
        return read_short_code(self.receipt.data or "") or ""

    @property
    def chosen(self) -> list[int]:
        """The ballot numbers that are ticked."""
        return [int(value) for value in self.choices.data or ()]


class CallsForm(MonitorForm):
    """The draw of a call-back."""

    count = number(lazy_("抽几位"), 1, MOST_CALLS, default=USUAL_CALLS)
    public_number = StringField(
        lazy_("公开号码"),
        description=lazy_("投票截止前就说好用哪一期，开出来照原样填，只填数字。"),
        filters=[tidy],
        validators=[DataRequired(lazy_("请填公开号码。")), plain],
    )
    source = text(
        lazy_("号码的出处"),
        _SOURCE_MOST,
        required=lazy_("请写明是哪里公布的哪一期号码。"),
        hint=lazy_("例如：中国福利彩票双色球第 2026137 期。会印在登记表上。"),
    )


class AnswersForm(RefusingForm):
    """The answers on one page of the list; each field is named by the random id of its call."""

    def __init__(self, lines: Sequence[CallLine]) -> None:
        super().__init__()
        self.lines = lines
        self.noted: dict[str, Noted] = {}

    def read(self, given: Mapping[str, str]) -> bool:
        """Read what was sent for these lines; tell whether all of it was offered."""
        for line in self.lines:
            before, after = given.get(f"was-{line.id}", ""), given.get(f"answer-{line.id}", "")
            if not {before, after} <= _OFFERED:
                self.form_errors.append(_("选中的不在名单里。请重新选。"))
                return False
            self.noted[line.id] = Noted(_answer(before), _answer(after))
        return True


_OFFERED = {_NONE, *(answer.value for answer in Answer)}


def _answer(value: str) -> Answer | None:
    return Answer(value) if value else None
