"""What is typed when paper of an outage is entered."""

from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from voting.upkeep.rules.lines import read_lines
from voting.web.fields import tidy
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_MOST_TYPED = 4000
_MOST_SERIAL = 999_999
_SERIAL = lazy_("请填选票上印的编号。")


class LinesForm(RefusingForm):
    """The lines of the register on which somebody signed."""

    lines = TextAreaField(
        lazy_("签了名的序号"),
        description=lazy_("照着应急名册上的序号填，用空格分开；连着的写成 12-15。"),
        filters=[tidy],
        validators=[
            InputRequired(lazy_("请填签了名的序号。")),
            Length(max=_MOST_TYPED, message=lazy_("一次填得太多，请分几次。")),
        ],
    )

    @property
    def numbers(self) -> list[int]:
        """The numbers; raise OddLines or TooManyLines."""
        return read_lines(self.lines.data or "")


class PackForm(RefusingForm):
    """A press of the button that makes the pack."""


class GiveUpForm(RefusingForm):
    """A first keying that is given up."""

    given_up = IntegerField(
        lazy_("第一遍录错的编号"),
        validators=[InputRequired(_SERIAL), NumberRange(1, _MOST_SERIAL, message=_SERIAL)],
    )


class BallotForm(RefusingForm):
    """What one paper ballot says: no box is ticked on a blank one."""

    serial = IntegerField(
        lazy_("选票编号"),
        validators=[InputRequired(_SERIAL), NumberRange(1, _MOST_SERIAL, message=_SERIAL)],
    )
    choices = SelectMultipleField(
        lazy_("打了勾的项目"),
        description=lazy_("一项都没勾的是空白票，也要录。"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, candidates: list[tuple[int, str]]) -> None:
        """Offer the projects of the round, by number."""
        self.choices.choices = [(number, f"{number}　{title}") for number, title in candidates]
