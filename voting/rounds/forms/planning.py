"""The form in which a round is planned: five answers, and the folded part."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from wtforms import Field, HiddenField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired

from voting.clock import at_local
from voting.rounds.fields import day, line, read, tidy
from voting.rounds.forms.folded import FoldedFields
from voting.rounds.forms.team import TeamForm
from voting.rounds.rules import (
    VOTING_DAYS,
    WAN,
    YUAN,
    Allocation,
    Plan,
    read_money,
    read_phone,
    read_whole,
    suggested_choices,
)
from voting.web.text import lazy_


class RoundForm(FoldedFields):
    """Everything that is decided of a round; all but the open answers have a default."""

    budget = StringField(
        lazy_("资金总额"), filters=[tidy], validators=[DataRequired(lazy_("请填资金总额。"))]
    )
    budget_unit = SelectField(
        lazy_("资金单位"),
        choices=[SelectChoice(str(WAN), lazy_("万元")), SelectChoice(str(YUAN), lazy_("元"))],
        default=str(WAN),
        validators=[DataRequired()],
    )
    opens_day = day(lazy_("投票开始日期"), required=lazy_("请填投票从哪天开始。"))
    help_number = line(
        lazy_("求助电话"),
        24,
        required=lazy_("请填求助电话。"),
        hint=lazy_("印在投票卡和每个页面上。座机带区号，例如 0791-86500000。"),
    )

    def validate_budget(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        unit = self.budget_unit.data
        read(read_money, field.data, int(unit) if unit in {str(WAN), str(YUAN)} else WAN)

    def validate_help_number(self, field: Field) -> None:
        """Refuse what nobody can dial."""
        read(read_phone, field.data)

    def show_day(self, name: str, shown: date | None) -> None:
        """Show a day in a field, whatever was typed there."""
        self[name].data, self[name].raw_data = shown, None

    def plan(self, *, most: int = suggested_choices(0)) -> Plan:
        """Return what was entered, with the defaults of what was not; ``most`` is that of choices."""
        opens_day = cast("date", self.opens_day.data)
        closes_day = self.closes_day.data or opens_day + timedelta(days=VOTING_DAYS - 1)
        allocation = Allocation(self.allocation.data)
        is_ranked = allocation is Allocation.TOP_K
        entered: dict[str, Any] = {
            **{name: _text(self[name]) for name in _TEXTS},
            **{name: self[name].data for name in _AS_THEY_ARE},
            **{name: read_whole(_text(self[name])) for name in _WHOLE},
            **{name: _limit(self[name]) for name in _LIMITS},
        }
        return Plan(
            budget=read_money(_text(self.budget), int(_text(self.budget_unit))),
            opens_at=_moment(opens_day, self.opens_time),
            closes_at=_moment(closes_day, self.closes_time),
            help_number=read_phone(_text(self.help_number)),
            reference_day=self.reference_day.data or closes_day,
            max_choices=_optional(self.max_choices) or most,
            allocation=allocation,
            funded_count=_optional(self.funded_count) if is_ranked else None,
            **entered,
        )


class NewRoundForm(RoundForm, TeamForm):
    """A new round: its area and its officers besides, and the round whose plan it takes, if any."""

    area_id = HiddenField()
    from_id = HiddenField()


_TEXTS = (
    "title", "scope", "notice_form", "office_name", "office_address", "office_contact",
    "polling_place",
)  # fmt: skip
_AS_THEY_ARE = (
    "birthday_counts", "posting_day_counts", "check_code", "collecting_from", "collecting_until",
    "screening_until", "review_until", "announce_on",
)  # fmt: skip
_WHOLE = ("publicity_days", "answer_days", "min_choices", "least_votes", "most_candidates")
_LIMITS = ("limit_engineering", "limit_equipment", "limit_service")


def _text(field: Field) -> str:
    return field.data or ""


def _optional(field: Field) -> int | None:
    return read_whole(field.data) if field.data else None


def _limit(field: Field) -> int | None:
    return read_money(field.data, WAN) if field.data else None


def _moment(day: date, field: TimeField) -> datetime:
    at: time = field.data or time()
    return at_local(day, at.hour, at.minute)
