"""What the pages about polling places send."""

from collections.abc import Sequence

from wtforms import RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired

from voting.accounts.models import Officer
from voting.polling.rules import PLACE_KIND_NAMES, PlaceKind
from voting.polling.service import PlaceFacts
from voting.web.fields import day, text
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_


class PlaceForm(RefusingForm):
    """A polling place."""

    kind = RadioField(
        lazy_("哪一种"),
        choices=[SelectChoice(kind.value, lazy_(name)) for kind, name in PLACE_KIND_NAMES.items()],
        default=PlaceKind.FIXED.value,
        validators=[InputRequired(lazy_("请选择固定还是流动。"))],
    )
    name = text(lazy_("名称"), 40, required=lazy_("请填名称，例如：社区服务大厅。"))
    address = text(
        lazy_("地址"),
        100,
        required=lazy_("请填地址，居民照着能找到。"),
        hint=lazy_("流动投票点填去哪些楼栋，例如：1栋到12栋。"),
    )
    hours = text(
        lazy_("开放时间"),
        60,
        required=lazy_("请填开放时间。"),
        hint=lazy_("例如：12月5日至11日，9:00—17:00。"),
    )

    @property
    def facts(self) -> PlaceFacts:
        """Return what was entered; ask only when the form is valid."""
        return PlaceFacts(
            kind=PlaceKind(self.kind.data),
            name=self.name.data or "",
            address=self.address.data or "",
            hours=self.hours.data or "",
        )


class ShiftForm(RefusingForm):
    """Who is on duty, when."""

    officer_id = SelectField(
        lazy_("值班人员"), validators=[InputRequired(lazy_("请选择值班人员。"))]
    )
    day = day(lazy_("日期"), required=lazy_("请填日期。"))
    begins = TimeField(lazy_("从"), validators=[DataRequired(lazy_("请填开始时间。"))])
    ends = TimeField(lazy_("到"), validators=[DataRequired(lazy_("请填结束时间。"))])

    def offer(self, officers: Sequence[Officer]) -> None:
        """Offer these officers."""
        self.officer_id.choices = [("", _("请选择")), *((one.id, one.name) for one in officers)]
