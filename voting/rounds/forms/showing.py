"""A plan as its form shows it."""

from decimal import Decimal
from typing import Any

from voting.clock import SHANGHAI, local_day
from voting.reading import WAN, written_amount
from voting.rounds.forms.limits import LimitFields
from voting.rounds.rules import MOST_CHOICES, USUAL_SOURCE, Plan

_SAME = (
    "title", "help_number", "collecting_from", "collecting_until", "screening_until", "review_until",
    "announce_on", "scope", "reference_day", "birthday_counts", "most_candidates",
    "min_choices", "check_code", "seal_way", "publication", "allocation", "funded_count", "least_votes",
    "posting_day_counts", "draw_way", "compare_public",
    "answer_days", "notice_form", "office_name", "office_address", "office_contact", "polling_place",
)  # fmt: skip
_LIMITS = ("limit_engineering", "limit_equipment", "limit_service")
# What belongs to an estate and its community: another one answers it anew.
_OF_THE_PLACE = ("title", "help_number", "office_name", "office_address", "office_contact")
_DAYS = ("opens_day", "closes_day", "reference_day")


def shown_plan(plan: Plan) -> dict[str, Any]:
    """Return the values of the fields for a plan."""
    amount, unit = written_amount(plan.budget)
    opens, closes = (moment.astimezone(SHANGHAI) for moment in (plan.opens_at, plan.closes_at))
    return (
        {name: getattr(plan, name) for name in _SAME}
        | {name: _in_wan(getattr(plan, name)) for name in (*_LIMITS, *LimitFields.QUOTAS_OF_MONEY)}
        | {name: getattr(plan, name) for name in LimitFields.QUOTAS}
        | {name: _in_percent(getattr(plan, name)) for name in LimitFields.SHARES}
        | {
            "budget": amount,
            "budget_unit": str(unit),
            "ballot_kind": plan.ballot_kind.value,
            # What is the whole budget, or no number at all, stands empty: so it follows another budget.
            "spend_limit": _in_wan(None if plan.spend_limit == plan.budget else plan.spend_limit),
            "max_choices": plan.max_choices if plan.max_choices <= MOST_CHOICES else None,
            "opens_day": local_day(plan.opens_at),
            "opens_time": opens.time(),
            "closes_day": local_day(plan.closes_at),
            "closes_time": closes.time(),
            "channels": [channel.value for channel in plan.channels],
            "second_factors": [factor.value for factor in plan.second_factors],
            "draw_source": plan.draw_source or USUAL_SOURCE,
            "publicity_days": str(plan.publicity_days),
        }
    )


def taken_plan(plan: Plan, *, has_day: bool) -> dict[str, Any]:
    """Return the fields' values for another estate that takes a plan; ``has_day`` if it has its days."""
    left = _OF_THE_PLACE if has_day else _OF_THE_PLACE + _DAYS
    return {name: value for name, value in shown_plan(plan).items() if name not in left}


def _in_wan(cents: int | None) -> str:
    return "" if cents is None else f"{Decimal(cents) / WAN:f}"


def _in_percent(thousandths: int) -> str:
    return f"{Decimal(thousandths) / 10:f}" if thousandths else ""
