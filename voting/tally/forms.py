"""What the pages about counting send: that an officer agrees, openings brought along, the end of a key."""

from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import BooleanField
from wtforms.validators import DataRequired

from voting.adapters.pictures import MOST_BYTES
from voting.web.fields import day, text
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_PRESENT_MOST = 200


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
