"""What the pages about keys send: sheets as photographs or typed lines, places, days."""

from voting.web.fields import day, text
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_PLACE_MOST = 100
_NOTE_MOST = 200


class KeyForm(RefusingForm):
    """A button: nothing but the token that says it was ours."""


class PlaceForm(RefusingForm):
    """Where two envelopes will lie."""

    kept_at = text(
        lazy_("两个恢复袋放在哪里"),
        _PLACE_MOST,
        required=lazy_("请填两个恢复袋分别放在哪里。"),
        hint=lazy_("要放在两个地方。例如：街道保险柜；社区书记办公室铁皮柜。"),
    )


class LossForm(RefusingForm):
    """Since when a sheet is lost, and how."""

    day = day(lazy_("发现丢失的日期"), required=lazy_("请填发现丢失的日期。"))
    reason = text(
        lazy_("怎么丢的"),
        _NOTE_MOST,
        required=lazy_("请写一句怎么丢的。"),
        hint=lazy_("例如：搬家时找不到了。不要写门牌和电话。"),
        area=True,
    )
