"""What the pages of accounts send. What a name or a password may be is law: see rules."""

from collections.abc import Sequence

from wtforms import Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from voting.accounts.rules import PASSWORD_MOST, ROLE_NAMES
from voting.areas.models import Area
from voting.areas.rules import ADDRESS_MOST, HELP_NUMBER_MOST, NAME_MOST, displayable
from voting.permissions import Role
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_

_PASSWORD_HINT = lazy_("至少 8 个字符，可以用空格和汉字；不要用别处用过的密码。")
_TYPED_MOST = 100


def _line(label: str, missing: str = "", *, most: int = NAME_MOST, description: str = "") -> Field:
    needed = InputRequired(missing) if missing else Optional()
    too_long = lazy_("最多 %(most)s 个字符。", most=most)
    return StringField(
        label,
        description=description,
        filters=[displayable],
        validators=[needed, Length(max=most, message=too_long)],
    )


def _new_password(label: str) -> Field:
    return PasswordField(
        label,
        validators=[
            InputRequired(lazy_("请填写密码。")),
            Length(max=PASSWORD_MOST, message=lazy_("密码最多 128 个字符。")),
        ],
        description=_PASSWORD_HINT,
    )


def _again(label: str) -> Field:
    return PasswordField(
        label,
        validators=[
            InputRequired(lazy_("请再填写一遍密码。")),
            EqualTo("password", lazy_("两遍密码不一样，请重新填写。")),
        ],
    )


class SignInForm(RefusingForm):
    """The door; where to go afterwards is checked by the view."""

    sign_in_name = _line(lazy_("登录名"), lazy_("请填写登录名。"), most=_TYPED_MOST)
    password = PasswordField(
        lazy_("密码"),
        validators=[
            InputRequired(lazy_("请填写密码。")),
            Length(max=PASSWORD_MOST, message=lazy_("密码最多 128 个字符。")),
        ],
    )
    next = HiddenField()


class PasswordForm(RefusingForm):
    """One's own new password."""

    current = PasswordField(
        lazy_("现在的密码"),
        validators=[
            InputRequired(lazy_("请填写现在的密码。")),
            Length(max=PASSWORD_MOST, message=lazy_("密码最多 128 个字符。")),
        ],
    )
    password = _new_password(lazy_("新密码"))
    again = _again(lazy_("再填一遍新密码"))


class OfficerForm(RefusingForm):
    """A new officer; the initial password is made by the platform."""

    name = _line(lazy_("姓名"), lazy_("请填写姓名。"))
    sign_in_name = _line(
        lazy_("登录名"),
        lazy_("请填写登录名。"),
        most=_TYPED_MOST,
        description=lazy_("字母、数字或汉字，例如 wangfang；以后不能改。"),
    )
    role = SelectField(lazy_("角色"), validators=[InputRequired(lazy_("请选择角色。"))])
    area_id = SelectField(
        lazy_("负责的区域"),
        description=lazy_("只能办理这个区域和它下级的事。"),
        validators=[InputRequired(lazy_("请选择区域。"))],
    )

    def offer(self, areas: Sequence[Area]) -> None:
        """Offer every role, and areas in the order of a tree whose top comes first."""
        top = areas[0].path.count("/")
        roles = [(role.value, ROLE_NAMES[role]) for role in Role]
        self.role.choices = [("", _("请选择")), *roles]
        self.area_id.choices = [
            (area.id, "　" * (area.path.count("/") - top) + area.name) for area in areas
        ]


class SetUpForm(RefusingForm):
    """The first set-up, all on one page."""

    code = _line(
        lazy_("设置码"),
        lazy_("请填写设置码。"),
        description=lazy_("在服务器上运行 flask accounts setup-code 得到，形如 7KMP-3XWQ-9HFT。"),
    )
    district = _line(lazy_("区"), lazy_("请填写区的名称。"), description=lazy_("例如 西湖区"))
    street = _line(lazy_("街道（镇）"))
    community = _line(lazy_("社区（村）"))
    estate = _line(lazy_("小区"))
    help_number = _line(
        lazy_("求助电话"),
        most=HELP_NUMBER_MOST,
        description=lazy_("居民不会操作时打这个电话，建议填固定电话。"),
    )
    public_url = _line(
        lazy_("手机能打开的地址"),
        lazy_("请填写地址。"),
        most=ADDRESS_MOST,
        description=lazy_("投票卡上的二维码指向这个地址。例如 https://vote.example.cn"),
    )
    name = _line(lazy_("姓名"), lazy_("请填写姓名。"))
    sign_in_name = _line(
        lazy_("登录名"),
        lazy_("请填写登录名。"),
        most=_TYPED_MOST,
        description=lazy_("字母、数字或汉字，例如 wangfang。"),
    )
    password = _new_password(lazy_("密码"))
    again = _again(lazy_("再填一遍密码"))
