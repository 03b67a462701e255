"""What the keying of paper sends."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from voting.paper.rules.keying import LONGEST_TYPED
from voting.paper.service.adjudicating import VOID_REASONS, Case, Verdict
from voting.rounds.models import Appointment, Round
from voting.web.fields import text, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_SERIAL_MOST = 200
_SIGN_MOST = 60
_REASON_MOST = 100
_COUNTS, _DOES_NOT, _OPEN = "yes", "no", ""
_VALID = "valid"
VOID_NAMES = {
    "torn": lazy_("撕毁，看不清"),
    "marks": lazy_("写了和选票无关的文字、记号"),
    "foreign": lazy_("不是本轮的票，或者没有盖章"),
    "over": lazy_("选多了"),
    "blank": lazy_("空白"),
}


_OVER_INSIDE_BUDGET = lazy_("选得太多或超过规定金额")


def void_names(round: Round) -> Mapping[str, Any]:
    """Return what makes a paper of a round invalid, in words."""
    return VOID_NAMES | ({"over": _OVER_INSIDE_BUDGET} if round.spending else {})


class KeyingForm(RefusingForm):
    """One paper: its number, what is ticked on it, and that nothing is."""

    serial = text(
        lazy_("票号"), _SERIAL_MOST, required=lazy_("请扫票上的二维码，或者输 9 位票号。")
    )
    ticks = text(lazy_("勾选"), LONGEST_TYPED)
    blank = HiddenField()


class ForeignForm(RefusingForm):
    """How a foreign paper is told from others."""

    sign = text(
        lazy_("怎么认出这张票"),
        _SIGN_MOST,
        required=lazy_("请写明票号，或者这张票是什么样的。"),
        hint=lazy_("有票号的写票号；没有的，写是什么样的，例如“复印的，没有票号”。"),
    )


class CorrectionForm(RefusingForm):
    """Which paper was entered wrongly, and why it is keyed anew."""

    serial = text(
        lazy_("票号"),
        _SERIAL_MOST,
        required=lazy_("请扫票上的二维码，或者输 9 位票号。"),
        hint=lazy_("从票袋里找出这张票，扫票上的二维码，或者输 9 位票号。"),
    )
    reason = text(
        lazy_("为什么要重录"),
        _REASON_MOST,
        required=lazy_("请写明录错在哪里。"),
        hint=lazy_("例如“两个人都录串了行”。不要写选了哪几号。"),
    )


class DecisionForm(RefusingForm):
    """What a third officer and a monitor decide; each open mark has a field named by its number."""

    paper = SelectField(
        lazy_("整张票"),
        choices=[
            SelectChoice(_OPEN, lazy_("请选择")),
            SelectChoice(_VALID, lazy_("有效，按上面定的计")),
            *(SelectChoice(code, VOID_NAMES[code]) for code in VOID_REASONS),
        ],
        validators=[InputRequired(lazy_("请定这张票有效还是无效。"))],
    )
    also = StringField(
        lazy_("两遍都没录、票上确实勾了的编号"),
        description=lazy_("没有就空着。有的用空格隔开。"),
        filters=[tidy],
    )
    reason = text(
        lazy_("理由"),
        _REASON_MOST,
        required=lazy_("请写明为什么这样定，写进裁定记录。"),
        hint=lazy_("例如“勾在两行之间，压线多的算下面一行”。会写进裁定记录。"),
    )
    monitor = SelectField(
        lazy_("在场的监票人"), validators=[InputRequired(lazy_("请选择在场的监票人。"))]
    )

    def offer(self, monitors: Sequence[Appointment]) -> None:
        """Offer these monitors."""
        first = (_OPEN, _("请选择"))
        self.monitor.choices = [first, *((one.id, one.name) for one in monitors)]

    def verdict(self, case: Case, given: dict[str, str]) -> Verdict:
        """Return what was decided of a case; a mark that was left open is left out."""
        said = {number: given.get(f"mark-{number}", _OPEN) for number in case.marks}
        return Verdict(
            marks={
                number: value == _COUNTS
                for number, value in said.items()
                if value in {_COUNTS, _DOES_NOT}
            },
            reason=self.reason.data or "",
            also=self.also.data or "",
            void=None if self.paper.data == _VALID else self.paper.data,
        )
