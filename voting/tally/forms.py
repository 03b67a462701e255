"""What the pages about counting send: that an officer agrees, openings brought along, a lot, a key's end."""

from datetime import datetime

from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import BooleanField, StringField, TimeField
from wtforms.validators import DataRequired

from voting.adapters.pictures import MOST_BYTES
from voting.clock import at_local
from voting.tally.service.drawing import Typed
from voting.web.fields import day, plain, text, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_PRESENT_MOST, _ISSUE_MOST = 200, 40


class CountForm(RefusingForm):
    """Nothing to fill in: pressing the button is the act."""


class TakeForm(RefusingForm):
    """What another computer brought out of the urn."""

    file = FileField(
        lazy_("另一台电脑写出的文件（OUT.zip）"),
        validators=[
            FileRequired(lazy_("请选择文件。")),
            FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。更大的请管理员用命令读入。")),
        ],
    )


class DestroyForm(RefusingForm):
    """When a key was destroyed and before whom; a file may show it."""

    day = day(lazy_("销毁日期"), required=lazy_("请填销毁日期。"))
    present = text(
        lazy_("在场的人"),
        _PRESENT_MOST,
        required=lazy_("请填当时在场的人。"),
        hint=lazy_("写姓名和身份，例如：监票人甲、监票人乙、街道周敏。不要写电话。"),
    )
    file = FileField(
        lazy_("照片或签字的记录"),
        validators=[FileSize(MOST_BYTES, message=lazy_("文件不能超过 15 MB。"))],
    )


class SureForm(RefusingForm):
    """That somebody knows what they do."""

    is_sure = BooleanField(
        lazy_("我核对过上面的情况，知道销毁以后不能恢复"),
        validators=[DataRequired(lazy_("请先勾选，再确认。"))],
    )


def _public_number() -> StringField:
    return StringField(
        lazy_("公开号码"),
        description=lazy_("对着公布的号码照原样填，只填数字，开头的 0 也要填。"),
        filters=[tidy],
        validators=[DataRequired(lazy_("请填公开号码。")), plain],
    )


class NumberForm(RefusingForm):
    """The public number of a lot as the first officer types it."""

    public_number = _public_number()
    issue = text(
        lazy_("期号"),
        _ISSUE_MOST,
        required=lazy_("请填是哪一期。"),
        hint=lazy_("例如：第 26318 期。会公布，居民照它去查。"),
    )
    came_day = day(lazy_("开出日期"), required=lazy_("请填开出日期。"))
    came_time = TimeField(
        lazy_("开出时间"),
        description=lazy_("公告以后开出的才能用。"),
        validators=[DataRequired(lazy_("请填开出时间。"))],
    )
    present = text(
        lazy_("在场的监票人"),
        _PRESENT_MOST,
        required=lazy_("请填在场的监票人。"),
        hint=lazy_("写姓名，例如：王芳、李强。不要写电话。"),
    )

    @property
    def typed(self) -> Typed:
        """What was typed; ask only when the form is valid."""
        day, time = self.came_day.data, self.came_time.data
        assert day is not None and time is not None  # noqa: S101, PT018 -- the validators
        came_at: datetime = at_local(day, time.hour, time.minute)
        return Typed(
            public_number=self.public_number.data or "",
            issue=self.issue.data or "",
            came_at=came_at,
            present=self.present.data or "",
        )


class AgainForm(RefusingForm):
    """The public number as a second officer types it, without having seen the first."""

    public_number = _public_number()
