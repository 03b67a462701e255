"""The form in which a round is planned: five answers, and the folded part."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, cast

from wtforms import Field, HiddenField, TimeField

from voting.clock import at_local
from voting.reading import WAN, read_money, read_percent, read_phone, read_whole
from voting.rounds.forms.folded import FoldedFields
from voting.rounds.forms.team import TeamForm
from voting.rounds.rules import (
    DAYS_OF_VOTING,
    MOST_CHOICES,
    MOST_CHOICES_PUBLISHED,
    MOST_LISTED,
    Allocation,
    BallotKind,
    DrawWay,
    Plan,
    Publication,
    RoundChannel,
    SealWay,
    SecondFactor,
    suggested_choices,
)
from voting.web.fields import cents, day, digits, phone, unit
from voting.web.text import lazy_

Listed = TypeVar("Listed", RoundChannel, SecondFactor)


class RoundForm(FoldedFields):
    """Everything that is decided of a round; all but the open answers have a default."""

    budget = digits(lazy_("资金总额"), required=lazy_("请填资金总额。"))
    budget_unit = unit(lazy_("资金单位"))
    opens_day = day(lazy_("投票开始日期"), required=lazy_("请填投票从哪天开始。"))
    help_number = phone(
        lazy_("求助电话"),
        required=lazy_("请填求助电话。"),
        hint=lazy_("印在投票卡和每个页面上。座机带区号，例如 0791-86500000。"),
    )

    def validate_budget(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        cents(field, self.budget_unit)

    @property
    def draws_in_public(self) -> bool:
        """Whether the lot is drawn in public; only then a number has to be announced."""
        return bool(self.draw_way.data == DrawWay.PUBLIC)

    def show_day(self, name: str, shown: date | None) -> None:
        """Show a day in a field, whatever was typed there."""
        self[name].data, self[name].raw_data = shown, None

    def plan(self, *, most: int = suggested_choices(0)) -> Plan:
        """Return what was entered, with the defaults of what was not; ``most`` is that of choices."""
        opens_day = cast("date", self.opens_day.data)
        closes_day = self.closes_day.data or opens_day + timedelta(days=DAYS_OF_VOTING - 1)
        allocation = Allocation(self.allocation.data)
        is_ranked = allocation is Allocation.TOP_K
        kind = BallotKind(self.ballot_kind.data)
        entered: dict[str, Any] = {
            **{name: _text(self[name]) for name in _TEXTS},
            **{name: self[name].data for name in _AS_THEY_ARE},
            **{name: read_whole(_text(self[name])) for name in _WHOLE},
            **{name: _limit(self[name]) for name in (*_LIMITS, *self.QUOTAS_OF_MONEY)},
            **{name: _optional(self[name]) for name in self.QUOTAS},
            **{name: read_percent(_text(self[name]) or "0") for name in self.SHARES},
        }
        return Plan(
            budget=cents(self.budget, self.budget_unit),
            opens_at=_moment(opens_day, self.opens_time),
            closes_at=_moment(closes_day, self.closes_time),
            help_number=read_phone(_text(self.help_number)),
            reference_day=self.reference_day.data or closes_day,
            ballot_kind=kind,
            spend_limit=self._spend_limit(kind),
            max_choices=_optional(self.max_choices) or self._suggested(kind, most),
            allocation=allocation,
            draw_way=DrawWay(self.draw_way.data),
            draw_source=_text(self.draw_source) if self.draws_in_public else "",
            seal_way=SealWay(self.seal_way.data),
            publication=Publication(self.publication.data),
            channels=_listed(RoundChannel, self.channels),
            second_factors=_listed(SecondFactor, self.second_factors),
            funded_count=_optional(self.funded_count) if is_ranked else None,
            **entered,
        )

    def _suggested(self, kind: BallotKind, most: int) -> int:
        """Return the most choices where none are typed; fewer where whole ballots are published."""
        usual = _most_by_default(kind, most)
        is_full = self.publication.data == Publication.FULL.value
        return min(usual, MOST_CHOICES_PUBLISHED) if is_full else usual

    def _spend_limit(self, kind: BallotKind) -> int | None:
        """Return what a ballot may spend, the whole budget if nothing was entered; None for other ballots."""
        if kind is not BallotKind.KNAPSACK:
            return None
        return _limit(self.spend_limit) or cents(self.budget, self.budget_unit)


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
    "screening_until", "review_until", "announce_on", "compare_public",
)  # fmt: skip
_WHOLE = ("publicity_days", "answer_days", "min_choices", "least_votes", "most_candidates")
_LIMITS = ("limit_engineering", "limit_equipment", "limit_service")


def _listed(kind: type[Listed], field: Field) -> tuple[Listed, ...]:
    """Return what is ticked, in the order of its names."""
    return tuple(one for one in kind if one.value in (field.data or ()))


def _text(field: Field) -> str:
    return field.data or ""


def _most_by_default(kind: BallotKind, most: int) -> int:
    """Return how many may be chosen where nobody says: any number where money is the limit.

    A round that chose by money until now has a number that says nothing to one that does not.
    """
    if kind is BallotKind.KNAPSACK:
        return MOST_LISTED
    return most if most <= MOST_CHOICES else suggested_choices(0)


def _optional(field: Field) -> int | None:
    return read_whole(field.data) if field.data else None


def _limit(field: Field) -> int | None:
    return read_money(field.data, WAN) if field.data else None


def _moment(day: date, field: TimeField) -> datetime:
    at: time = field.data or time()
    return at_local(day, at.hour, at.minute)
