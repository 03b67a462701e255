"""What is typed about batches and bundles."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired

from voting.accounts.models import Officer
from voting.paper.service import MOST_PAPERS, BundleLine
from voting.reading import read_whole
from voting.web.fields import check_between, text, ticks, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

MOST_VERSIONS = 8
REASON_MOST = 100


def _whole(label: Any, hint: Any, least: int, most: int) -> StringField:
    wrong = lazy_("请填 %(least)d 到 %(most)d 之间的整数。", least=least, most=most)

    def between(_form: Any, field: Any) -> None:
        check_between(field, least, most)

    return StringField(
        label, description=hint, filters=[tidy], validators=[DataRequired(wrong), between]
    )


class OrderForm(RefusingForm):
    """A batch of papers."""

    count = _whole(lazy_("印多少张"), lazy_("每 50 张一本，每本另有一张封面。"), 1, MOST_PAPERS)
    versions = _whole(
        lazy_("几种次序"),
        lazy_("候选项目多于 6 项时，建议 2 种：有的票从第 1 号排起，有的从中间排起。编号不变。"),
        1,
        MOST_VERSIONS,
    )

    @property
    def facts(self) -> dict[str, int]:
        """What was typed, as numbers."""
        return {
            "count": read_whole(self.count.data or ""),
            "versions": read_whole(self.versions.data or ""),
        }


class LastGoodForm(RefusingForm):
    """The last bundle that came out well."""

    last_good = _whole(
        lazy_("最后一本印得完好的是第几本"),
        lazy_("本号印在封面和存根上。一本都没印好就填 0。"),
        0,
        MOST_PAPERS,
    )

    @property
    def number(self) -> int:
        """The number of the bundle."""
        return read_whole(self.last_good.data or "")


class VoidForm(RefusingForm):
    """Why a whole batch goes."""

    reason = text(
        lazy_("作废原因"), REASON_MOST, required=lazy_("请写明作废的原因。"),
        hint=lazy_("会记进操作记录。不要写居民的姓名。"),
    )  # fmt: skip


class ChargeForm(RefusingForm):
    """Which bundles, and to whom."""

    holder = SelectField(lazy_("交给谁"), validators=[InputRequired(lazy_("请选一位工作人员。"))])
    bundles = ticks(
        lazy_("交给他（她）的本子"), required=lazy_("请勾选要交的本子。"),
        strange=lazy_("勾选的本子里有已经交给别人的。请刷新后再选。"),
    )  # fmt: skip

    def offer(self, officers: Sequence[Officer], free: Sequence[BundleLine]) -> None:
        """Offer these officers and bundles."""
        nobody = SelectChoice("", _("请选择"))
        self.holder.choices = [nobody, *(SelectChoice(one.id, one.name) for one in officers)]
        self.bundles.choices = [
            SelectChoice(
                str(one.number),
                _("第 %(number)d 本（%(left)d 张）", number=one.number, left=one.left),
            )
            for one in free
        ]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the ticked bundles."""
        return [int(number) for number in self.bundles.data or []]


class PressForm(RefusingForm):
    """A button that needs nothing but its token."""
