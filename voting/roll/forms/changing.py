"""What an officer sends who asks for a change of a frozen roll, or takes lines of a second file over."""

from typing import Any

from voting.roll.forms.people import CorrectForm, PersonForm
from voting.web.fields import text, ticks
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_REASON_MOST = 100


def _reason(hint: Any) -> Any:
    return text(
        lazy_("为什么要改"),
        _REASON_MOST,
        required=lazy_("请写为什么要改，另一位工作人员好核对。"),
        hint=hint,
    )


_NOBODY = lazy_("例如：租户上月搬来，名册漏了。不要写姓名、号码。")


class AskPersonForm(PersonForm):
    """Somebody who is missing on a frozen roll."""

    why = _reason(_NOBODY)


class AskCorrectForm(CorrectForm):
    """What of a person on a frozen roll shall be set down anew."""

    why = _reason(lazy_("例如：楼栋登错了。不要写姓名、号码。"))


class AskRestoreForm(RefusingForm):
    """Why somebody shall be listed again."""

    why = _reason(lazy_("例如：除错了人。不要写姓名、号码。"))


class ConfirmForm(RefusingForm):
    """The changes that somebody confirms together."""

    change = ticks(
        lazy_("更改"),
        required=lazy_("请先勾选要确认的更改。"),
        strange=lazy_("勾选的更改里有已经办过的。请核对后重新勾选。"),
    )


class TakeOverForm(RefusingForm):
    """The lines of a page that are taken over, and why."""

    line = ticks(
        lazy_("要办的人"),
        required=lazy_("请先勾选要办的人。"),
        strange=lazy_("勾选的人不在这一页。请刷新后重新勾选。"),
    )
    reason = text(
        lazy_("为什么要改"),
        _REASON_MOST,
        required=lazy_("请写为什么要改，例如：11月20日物业核对的新名册。"),
        hint=lazy_("例如：11月20日物业核对的新名册。不要写姓名、号码。"),
    )
