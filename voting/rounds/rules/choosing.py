"""How much one ballot may choose: a number of projects, or whatever a sum of money pays for."""

from voting.errors import Refusal
from voting.figures import exact_budget

# No list is longer: a ballot that may name so many is not limited in number.
MOST_LISTED = 200


class SpendLimitMissing(Refusal):
    """A ballot inside a budget, without one."""

    msgid = "按一笔钱来选，要填每人可以选多少钱的项目。"
    field = "spend_limit"


class SpendLimitTooHigh(Refusal):
    """More than there is to spend."""

    msgid = "每人可选的金额不能超过资金总额。请改小，或者不填：不填就是资金总额。"
    field = "spend_limit"


class OverLimit(Refusal):
    """The projects cost together more than a voter may spend."""

    msgid = (
        "您选了 %(chosen)d 项，合计 %(total)s，超过每人可选的 %(most)s，多了 %(excess)s。"
        "请去掉一些，让合计不超过 %(most)s。"
    )


def check_spend_limit(*, inside_budget: bool, spend_limit: int | None, total: int) -> None:
    """Refuse a limit that a ballot inside a budget lacks, or that is more than ``total``. Money in cents."""
    if inside_budget != (spend_limit is not None):
        raise SpendLimitMissing
    if spend_limit is not None and spend_limit > total:
        raise SpendLimitTooHigh


def check_total(chosen: int, total: int, *, spend_limit: int | None) -> None:
    """Refuse what so many chosen projects cost, if it is more than the limit. Money in cents."""
    if spend_limit is None or total <= spend_limit:
        return
    raise OverLimit(
        chosen=chosen,
        total=exact_budget(total),
        most=exact_budget(spend_limit),
        excess=exact_budget(total - spend_limit),
    )


def spending_phrase(spend_limit: int | None, most: int) -> str:
    """Return to what a ballot inside a budget keeps, without a full stop; empty for other ballots.

    ``spend_limit`` is in cents; ``most`` is said only where it limits the number of projects at all.
    """
    if spend_limit is None:
        return ""
    number = "" if most >= MOST_LISTED else f"，最多 {most} 项"
    return f"合计不超过 {exact_budget(spend_limit)}{number}"


def short_spending_phrase(spend_limit: int | None, most: int) -> str:
    """Return the same in the few characters a card has room for: ``最多5项、30.00万元``."""
    if spend_limit is None:
        return ""
    number = "" if most >= MOST_LISTED else f"{most}项、"
    return f"最多{number}{exact_budget(spend_limit)}".replace(" ", "")
