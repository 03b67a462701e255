"""The form in which a round is planned."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired

from voting.areas.models import Area
from voting.clock import SHANGHAI, at_local, local_day
from voting.rounds.forms.fields import day, line, number, read, tidy
from voting.rounds.models import Round
from voting.rounds.rules import (
    MOST_CHOICES,
    NOTICE_FORMS,
    WAN,
    YUAN,
    Allocation,
    Plan,
    read_money,
    read_phone,
    read_whole,
    suggested_choices,
    written_amount,
)
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_VOTING_DAYS = 7
_MOST_FUNDED = 200
_MOST_VOTES = 10_000_000


class RoundForm(RefusingForm):
    """Everything that is decided of a round; all but five answers have a default."""

    title = line(
        lazy_("轮次名称"), 60, hint=lazy_("不填就用“小区名 + 年份 + 幸福微实事项目票决”。")
    )
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
    opens_time = TimeField(
        lazy_("开始时间"), default=time(9), validators=[DataRequired(lazy_("请填开始时间。"))]
    )
    help_number = line(
        lazy_("求助电话"),
        24,
        required=lazy_("请填求助电话。"),
        hint=lazy_("印在投票卡和每个页面上。座机带区号，例如 0791-86500000。"),
    )

    closes_day = day(lazy_("投票截止日期"), hint=lazy_("不填就投 7 天，里面正好有两个休息日。"))
    closes_time = TimeField(
        lazy_("截止时间"), default=time(17), validators=[DataRequired(lazy_("请填截止时间。"))]
    )
    collecting_until = day(lazy_("征集建议截止日期"), hint=lazy_("一般征集 15 天。可以以后再填。"))
    scope = line(
        lazy_("哪些人可以投"),
        100,
        hint=lazy_("例如：在朝阳小区居住、工作或学习的居民。不填就用小区名。"),
    )
    reference_day = day(
        lazy_("年龄计算日"), hint=lazy_("到这一天满 15 周岁的可以投。不填就用投票最后一天。")
    )
    birthday_counts = BooleanField(lazy_("生日当天就算满 15 周岁"), default=True)

    max_choices = number(
        lazy_("每人最多选几项"),
        1,
        MOST_CHOICES,
        hint=lazy_(
            "不填就取候选项目数的四分之一，最少 1 项，最多 10 项：39 项候选，最多选 10 项。"
        ),
    )
    min_choices = number(lazy_("每人最少选几项"), 0, MOST_CHOICES, default=1)
    check_code = BooleanField(
        lazy_("投票时要输入卡上的验证码"),
        default=True,
        description=lazy_("验证码在投票卡对折处里面，卡被人拍照也不能冒投。"),
    )
    allocation = RadioField(
        lazy_("怎样按得票确定入选项目"),
        choices=[
            SelectChoice(
                Allocation.GREEDY.value,
                lazy_("得票从高到低装进资金总额，装不下的跳过，接着看下一个"),
            ),
            SelectChoice(
                Allocation.GREEDY_STOP.value, lazy_("得票从高到低装进资金总额，遇到装不下的就停")
            ),
            SelectChoice(Allocation.TOP_K.value, lazy_("得票最高的前几名")),
        ],
        default=Allocation.GREEDY.value,
    )
    funded_count = number(lazy_("取前几名"), 1, _MOST_FUNDED, hint=lazy_("只有按名次入选时才填。"))
    least_votes = number(
        lazy_("至少要得多少票"), 0, _MOST_VOTES, default=0, hint=lazy_("0 就是不设。")
    )

    publicity_days = SelectField(
        lazy_("结果公示几个工作日"),
        choices=[SelectChoice(number) for number in ("3", "5", "7")],
        default="5",
        validators=[DataRequired()],
    )
    posting_day_counts = BooleanField(lazy_("张贴当天算公示第 1 天"), default=False)
    answer_days = number(lazy_("几个工作日内答复异议"), 1, 10, default=3)
    notice_form = SelectField(
        lazy_("投票通知用哪种文"),
        choices=[SelectChoice(form) for form in NOTICE_FORMS],
        validators=[DataRequired()],
    )
    office_name = line(lazy_("受理异议的单位"), 60, hint=lazy_("不填就用社区名。"))
    office_address = line(lazy_("受理地址"), 100, hint=lazy_("发布投票公告前要填。"))
    office_contact = line(lazy_("联系人"), 40, hint=lazy_("发布投票公告前要填。"))
    polling_place = line(
        lazy_("现场投票点和开放时间"),
        120,
        hint=lazy_("给不用手机的居民。例如：社区服务大厅，9:00—17:00。"),
    )

    FOLDED = (
        "closes_day", "closes_time", "collecting_until", "scope", "reference_day", "max_choices",
        "min_choices", "allocation", "funded_count", "least_votes", "publicity_days", "answer_days",
        "notice_form", "office_name", "office_address", "office_contact", "polling_place", "title",
    )  # fmt: skip

    @property
    def is_unfolded(self) -> bool:
        """Whether something in the folded part needs the reader's eye."""
        return any(self[name].errors for name in self.FOLDED)

    def validate_budget(self, field: Field) -> None:
        """Refuse what is no exact amount of money."""
        unit = self.budget_unit.data
        read(read_money, field.data, int(unit) if unit in {str(WAN), str(YUAN)} else WAN)

    def validate_help_number(self, field: Field) -> None:
        """Refuse what nobody can dial."""
        read(read_phone, field.data)

    def plan(self, *, most: int = suggested_choices(0)) -> Plan:
        """Return what was entered, with the defaults of what was not; ``most`` is that of choices."""
        opens_day = cast("date", self.opens_day.data)
        closes_day = self.closes_day.data or opens_day + timedelta(days=_VOTING_DAYS - 1)
        allocation = Allocation(self.allocation.data)
        is_ranked = allocation is Allocation.TOP_K
        return Plan(
            title=_text(self.title),
            budget=read_money(_text(self.budget), int(_text(self.budget_unit))),
            opens_at=_moment(opens_day, self.opens_time),
            closes_at=_moment(closes_day, self.closes_time),
            help_number=read_phone(_text(self.help_number)),
            reference_day=self.reference_day.data or closes_day,
            scope=_text(self.scope),
            birthday_counts=self.birthday_counts.data,
            collecting_until=self.collecting_until.data,
            publicity_days=int(_text(self.publicity_days)),
            answer_days=read_whole(_text(self.answer_days)),
            posting_day_counts=self.posting_day_counts.data,
            min_choices=read_whole(_text(self.min_choices)),
            max_choices=_optional(self.max_choices) or most,
            allocation=allocation,
            funded_count=_optional(self.funded_count) if is_ranked else None,
            least_votes=read_whole(_text(self.least_votes)),
            check_code=self.check_code.data,
            notice_form=_text(self.notice_form),
            office_name=_text(self.office_name),
            office_address=_text(self.office_address),
            office_contact=_text(self.office_contact),
            polling_place=_text(self.polling_place),
        )


class NewRoundForm(RoundForm):
    """A new round: its area besides."""

    area_id = SelectField(
        lazy_("小区或社区"), validators=[DataRequired(lazy_("请选择小区或社区。"))]
    )

    def offer(self, areas: Sequence[Area]) -> None:
        """Offer the areas a round may belong to."""
        offered = [SelectChoice(area.id, area.name) for area in areas]
        # Nobody shall open a round in the wrong estate because it stood first.
        if len(offered) > 1:
            offered.insert(0, SelectChoice("", lazy_("请选择")))
        self.area_id.choices = offered


def of_round(round: Round) -> dict[str, Any]:
    """Return a round as the form shows it."""
    amount, unit = written_amount(round.budget)
    opens, closes = (moment.astimezone(SHANGHAI) for moment in (round.opens_at, round.closes_at))
    same = (
        "title", "help_number", "collecting_until", "scope", "reference_day", "birthday_counts",
        "max_choices", "min_choices", "check_code", "allocation", "funded_count", "least_votes",
        "posting_day_counts", "answer_days", "notice_form", "office_name", "office_address",
        "office_contact", "polling_place",
    )  # fmt: skip
    return {name: getattr(round, name) for name in same} | {
        "budget": amount,
        "budget_unit": str(unit),
        "opens_day": local_day(round.opens_at),
        "opens_time": opens.time(),
        "closes_day": local_day(round.closes_at),
        "closes_time": closes.time(),
        "publicity_days": str(round.publicity_days),
    }


def _text(field: Field) -> str:
    return field.data or ""


def _optional(field: Field) -> int | None:
    return read_whole(field.data) if field.data else None


def _moment(day: date, field: TimeField) -> datetime:
    at: time = field.data or time()
    return at_local(day, at.hour, at.minute)
