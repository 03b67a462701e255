"""The folded part of a plan: everything that has a default, each with its reason in a few words."""

from datetime import time

from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired

from voting.rounds.forms.limits import LimitFields
from voting.rounds.rules import (
    CHANNELS,
    MOST_CANDIDATES,
    MOST_CHOICES,
    MOST_LISTED,
    NOTICE_FORMS,
    SECOND_FACTORS,
    USUAL_SOURCE,
    Allocation,
    BallotKind,
    DrawWay,
    GivenDays,
    Publication,
    RoundChannel,
    SealWay,
    SecondFactor,
)
from voting.web.fields import day, money, number, text, ticks
from voting.web.text import lazy_

_MOST_FUNDED = 200
_MOST_VOTES = 10_000_000


class FoldedFields(LimitFields):
    """What need not be answered; the defaults are those of docs/2_rules/planning.md."""

    title = text(
        lazy_("轮次名称"), 60, hint=lazy_("不填就用“小区名 + 年份 + 幸福微实事项目票决”。")
    )

    closes_day = day(lazy_("投票截止日期"), hint=lazy_("不填就投 7 天，里面正好有两个休息日。"))
    opens_time = TimeField(
        lazy_("开始时间"), default=time(9), validators=[DataRequired(lazy_("请填开始时间。"))]
    )
    closes_time = TimeField(
        lazy_("截止时间"),
        default=time(17),
        description=lazy_("17:00 截止，当晚就能计票。"),
        validators=[DataRequired(lazy_("请填截止时间。"))],
    )
    collecting_from = day(lazy_("征集开始日期"), hint=lazy_("不填就征集 15 天。"))
    collecting_until = day(
        lazy_("征集建议截止日期"), hint=lazy_("不填就从投票日往前推。到期自动转入审核。")
    )
    screening_until = day(lazy_("初审完成日期"), hint=lazy_("不填就留 5 个工作日。"))
    review_until = day(
        lazy_("联审完成日期"), hint=lazy_("不填就留 7 个工作日，之后留 3 个工作日开推选大会。")
    )
    announce_on = day(
        lazy_("投票公告日期"), hint=lazy_("不填就在投票前 3 天，居民有时间看候选项目。")
    )

    scope = text(
        lazy_("哪些人可以投"),
        100,
        hint=lazy_("例如：在朝阳小区居住、工作或学习的居民。不填就用小区名。"),
    )
    reference_day = day(
        lazy_("年龄计算日"), hint=lazy_("到这一天满 15 周岁的可以投。不填就用投票最后一天。")
    )
    birthday_counts = BooleanField(lazy_("生日当天就算满 15 周岁"), default=True)

    limit_engineering = money(
        lazy_("工程类每项最多（万元）"), hint=lazy_("不填就不设。各地一般 40 到 100 万元。")
    )
    limit_equipment = money(
        lazy_("设备采购类每项最多（万元）"), hint=lazy_("不填就不设。各地一般 20 到 50 万元。")
    )
    limit_service = money(
        lazy_("服务采购类每项最多（万元）"), hint=lazy_("不填就不设。各地一般 20 到 50 万元。")
    )
    most_candidates = number(
        lazy_("候选项目最多几项"),
        2,
        MOST_LISTED,
        default=MOST_CANDIDATES,
        hint=lazy_("再多，选票上就看不过来了。"),
    )
    ballot_kind = RadioField(
        lazy_("选票的样子"),
        description=lazy_("按项数最好懂。按钱数的，大项目、小项目更公平：选了大的就少选几项。"),
        choices=[
            SelectChoice(BallotKind.APPROVAL.value, lazy_("每人最多选几项")),
            SelectChoice(
                BallotKind.KNAPSACK.value,
                lazy_("每人在一笔钱以内选（预算内选）：选的项目预算加起来不能超过这笔钱"),
            ),
        ],
        default=BallotKind.APPROVAL.value,
    )
    spend_limit = money(
        lazy_("每人可以选多少钱的项目（万元）"),
        hint=lazy_("只有在一笔钱以内选时才用。不填就是资金总额。"),
    )
    max_choices = number(
        lazy_("每人最多选几项"),
        1,
        MOST_CHOICES,
        hint=lazy_(
            "按项数选的，不填就取候选项目数的四分之一，最少 1 项，最多 10 项：39 项候选，最多选 10 项。"
            "在一笔钱以内选的，不填就不限项数。"
        ),
    )
    min_choices = number(
        lazy_("每人最少选几项"), 0, MOST_CHOICES, default=1, hint=lazy_("少选有效。")
    )
    check_code = BooleanField(
        lazy_("投票时要输入卡上的验证码"),
        default=True,
        description=lazy_("验证码在投票卡对折处里面，卡被人拍照也不能冒投。"),
    )
    channels = ticks(
        lazy_("居民可以怎样投"),
        required=lazy_("请至少选一种。"),
        hint=lazy_("投票公告以后不能再改。纸质票和协助投票留给不用手机的居民。"),
        choices=[
            SelectChoice(RoundChannel.CARD.value, lazy_("投票卡")),
            SelectChoice(RoundChannel.PAPER.value, lazy_("纸质票")),
            SelectChoice(RoundChannel.ASSISTED.value, lazy_("协助投票：两名工作人员当面帮着投")),
            SelectChoice(
                RoundChannel.POSTER.value, lazy_("海报码：扫海报，输入姓名和证件号码，再核实本人")
            ),
        ],
        default=[channel.value for channel in CHANNELS],
    )
    second_factors = ticks(
        lazy_("海报码投票怎样核实本人"),
        hint=lazy_("只有开通海报码时才用。选了几种，居民自己挑一种。"),
        choices=[
            SelectChoice(
                SecondFactor.SCREEN.value,
                lazy_("投票点屏幕上的 6 位数字，每分钟换一次：人要到现场"),
            ),
            SelectChoice(
                SecondFactor.SMS.value, lazy_("发短信到名册上登记的手机：要先由管理员接好短信")
            ),
            SelectChoice(
                SecondFactor.WORKER.value, lazy_("工作人员扫居民的手机，当面核对证件和本人")
            ),
        ],
        default=[factor.value for factor in SECOND_FACTORS],
    )
    allocation = RadioField(
        lazy_("怎样按得票确定入选项目"),
        description=lazy_("默认跳过装不下的：资金用得最足。投票前要向居民讲清楚。"),
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

    draw_way = RadioField(
        lazy_("并列时怎样抽签"),
        description=lazy_(
            "得票一样、别的办法也分不出先后、又不能都入选时才抽签。投票公告以后不能再改。"
        ),
        choices=[
            SelectChoice(
                DrawWay.PUBLIC.value,
                lazy_("公开抽签：先公布并列，再用公布以后开出的号码，两名工作人员当众录入"),
            ),
            SelectChoice(DrawWay.URN.value, lazy_("由票箱里的选票算出，计票时当时就定")),
        ],
        default=DrawWay.PUBLIC.value,
    )
    draw_source = text(
        lazy_("公开抽签用哪个号码"),
        60,
        default=USUAL_SOURCE,
        hint=lazy_("事先说定，印在投票通告上。要人人查得到，至少 4 位数字，投票以前还没有开出。"),
    )

    seal_way = RadioField(
        lazy_("开箱的钥匙由谁保管"),
        description=lazy_("投票公告以前要备好钥匙，公告以后不能换办法。第一次办，用第一种。"),
        choices=[
            SelectChoice(
                SealWay.SERVER.value,
                lazy_("服务器保管，两名工作人员开箱：丢一张纸也不会开不了箱"),
            ),
            SelectChoice(
                SealWay.MONITORS.value,
                lazy_("三名监票人各拿一张钥匙纸，两张才能开箱：服务器上没有钥匙，谁也不能提前看票"),
            ),
        ],
        default=SealWay.SERVER.value,
    )
    publication = RadioField(
        lazy_("计票以后公布什么"),
        description=lazy_(
            "公布每一张选票的，谁都能自己重新计票；但是任何人拿出回执，就能证明自己投了谁，"
            "比如证明给买票的人看。公布每一张选票的，每人最多选 3 项。"
        ),
        choices=[
            SelectChoice(Publication.TOTALS.value, lazy_("各项目的得票数：拿回执证明不了投了谁")),
            SelectChoice(Publication.FULL.value, lazy_("每一张选票（不写姓名），连同它的回执号")),
        ],
        default=Publication.TOTALS.value,
    )
    compare_public = BooleanField(
        lazy_("公布“换一种算法会怎样”"),
        default=False,
        description=lazy_(
            "结果审定以后，居民能看到同样的选票按别的规则会选出什么、差几票结果就不一样。投票公告以后不能再改。"
        ),
    )

    publicity_days = SelectField(
        lazy_("结果公示几个工作日"),
        choices=[SelectChoice(number) for number in ("3", "5", "7")],
        default="5",
        validators=[DataRequired()],
    )
    posting_day_counts = BooleanField(
        lazy_("张贴当天算公示第 1 天"),
        default=False,
        description=lazy_("一般不算：从张贴的第二天数起。"),
    )
    answer_days = number(
        lazy_("几个工作日内答复异议"), 1, 10, default=3, hint=lazy_("居民提了异议，三天内有回音。")
    )
    notice_form = SelectField(
        lazy_("投票通知用哪种文"),
        choices=[SelectChoice(form) for form in NOTICE_FORMS],
        validators=[DataRequired()],
    )
    office_name = text(lazy_("受理异议的单位"), 60, hint=lazy_("不填就用社区名。"))
    office_address = text(lazy_("受理地址"), 100, hint=lazy_("发布投票公告前要填。"))
    office_contact = text(lazy_("联系人"), 40, hint=lazy_("发布投票公告前要填。"))
    polling_place = text(
        lazy_("现场投票点和开放时间"),
        120,
        hint=lazy_("给不用手机的居民。例如：社区服务大厅，9:00—17:00。"),
    )

    FOLDED = (
        "title", "closes_day", "opens_time", "closes_time", "collecting_from", "collecting_until",
        "screening_until", "review_until", "announce_on", "scope", "reference_day",
        "limit_engineering", "limit_equipment", "limit_service", "most_candidates", "ballot_kind",
        "spend_limit", "max_choices", "min_choices", "channels", "second_factors", "allocation",
        "funded_count", "least_votes", "draw_way", "draw_source", "seal_way", "publication",
        "publicity_days", "answer_days", "notice_form", "office_name", "office_address",
        "office_contact", "polling_place", *LimitFields.LIMITED,
    )  # fmt: skip

    @property
    def is_unfolded(self) -> bool:
        """Whether something in the folded part needs the reader's eye."""
        return any(self[name].errors for name in self.FOLDED)

    @property
    def given_days(self) -> GivenDays:
        """The planned days that were typed."""
        return GivenDays(
            collecting_from=self.collecting_from.data,
            collecting_until=self.collecting_until.data,
            screening_until=self.screening_until.data,
            review_until=self.review_until.data,
            announce_on=self.announce_on.data,
        )
