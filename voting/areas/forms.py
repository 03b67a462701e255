"""What the pages about areas and settings send."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from voting.areas.models import LEVEL_NAMES, Level
from voting.areas.rules import ADDRESS_MOST, HELP_NUMBER_MOST, NAME_MOST, displayable
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_


class AreaForm(RefusingForm):
    """The name and the help number of an area."""

    name = StringField(
        lazy_("名称"),
        filters=[displayable],
        validators=[
            InputRequired(lazy_("请填写名称。")),
            Length(max=NAME_MOST, message=lazy_("名称最多 40 个字。")),
        ],
    )
    help_number = StringField(
        lazy_("求助电话"),
        description=lazy_("居民不会操作时打这个电话，建议填固定电话。"),
        filters=[displayable],
        validators=[Length(max=HELP_NUMBER_MOST, message=lazy_("电话号码最多 24 个字符。"))],
    )


class NewAreaForm(AreaForm):
    """A new area: its level besides."""

    level = SelectField(
        lazy_("层级"), validators=[InputRequired(lazy_("请选择层级。"))], validate_choice=True
    )

    def offer(self, levels: list[Level]) -> None:
        """Offer the levels that may lie below the parent."""
        self.level.choices = [(level.value, LEVEL_NAMES[level]) for level in levels]


class AddressForm(RefusingForm):
    """The public address."""

    public_url = StringField(
        lazy_("手机能打开的地址"),
        description=lazy_("投票卡上的二维码指向这个地址。例如 https://vote.example.cn"),
        filters=[displayable],
        validators=[
            InputRequired(lazy_("请填写地址。")),
            Length(max=ADDRESS_MOST, message=lazy_("地址最多 200 个字符。")),
        ],
    )
