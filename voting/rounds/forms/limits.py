"""Rules that few rounds need: thresholds, and what one category may take at most. Folded once more."""

from voting.rounds.rules import QUOTA_NAMES
from voting.web.fields import money, number, percent
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_MOST_OF_A_CATEGORY = 200


class LimitFields(RefusingForm):
    """Everything stays empty in a usual round."""

    least_share = percent(
        lazy_("最低得票率（%）"),
        hint=lazy_("一般不设。得票不到有效票的这个比例，不能入选，例如 10 或 12.5。"),
    )
    least_turnout = percent(
        lazy_("最低投票率（%）"),
        hint=lazy_("一般不设，可设 50。名册上登记投票的人不到这个比例，投票无效，没有项目入选。"),
    )
    quota_engineering = number(lazy_("工程类最多入选几项"), 1, _MOST_OF_A_CATEGORY)
    quota_engineering_money = money(lazy_("工程类最多安排多少（万元）"))
    quota_equipment = number(lazy_("设备采购类最多入选几项"), 1, _MOST_OF_A_CATEGORY)
    quota_equipment_money = money(lazy_("设备采购类最多安排多少（万元）"))
    quota_service = number(lazy_("服务采购类最多入选几项"), 1, _MOST_OF_A_CATEGORY)
    quota_service_money = money(lazy_("服务采购类最多安排多少（万元）"))

    SHARES = ("least_share", "least_turnout")
    QUOTAS = tuple(f"quota_{category}" for category in QUOTA_NAMES)
    QUOTAS_OF_MONEY = tuple(f"quota_{category}_money" for category in QUOTA_NAMES)
    LIMITED = (*SHARES, *QUOTAS, *QUOTAS_OF_MONEY)

    @property
    def has_limits(self) -> bool:
        """Whether something of this is filled in, or needs the reader's eye."""
        return any(self[name].data or self[name].errors for name in self.LIMITED)
