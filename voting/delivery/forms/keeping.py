"""What is kept of a project while it is carried out: words, photographs, payments."""

from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired

from voting.adapters.pictures import MOST_BYTES, clean_picture
from voting.delivery.forms.fields import attachment, small_unit, store
from voting.delivery.rules.facts import (
    CAPTION_MOST,
    PHOTO_STAGES,
    PURPOSE_MOST,
    UNIT_MOST,
    WORDS_MOST,
    SpendingFacts,
)
from voting.reading import YUAN
from voting.web.db import current_files
from voting.web.fields import cents, day, digits, key, text
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_


class EntryForm(RefusingForm):
    """What happened on a day."""

    key = key()
    day = day(lazy_("日期"), required=lazy_("请填日期。"))
    words = text(
        lazy_("情况"),
        WORDS_MOST,
        required=lazy_("请写一两句进展。"),
        hint=lazy_("居民看得到。写做了什么、接下来做什么，不写居民的姓名和门牌。"),
        area=True,
    )


class PhotoForm(RefusingForm):
    """A photograph of the work."""

    key = key()
    stage = RadioField(
        lazy_("什么时候拍的"),
        choices=[SelectChoice(stage, name) for stage, name in PHOTO_STAGES.items()],
        validators=[DataRequired(lazy_("请选择什么时候拍的。"))],
    )
    caption = text(
        lazy_("说明"), CAPTION_MOST, required=lazy_("请写一句说明，看不见的人也要知道拍的是什么。")
    )
    taken_on = day(lazy_("拍摄日期"))
    picture = FileField(
        lazy_("照片"),
        validators=[
            FileRequired(lazy_("请选择一张照片。")),
            FileSize(MOST_BYTES, message=lazy_("图片不能超过 15 MB。")),
        ],
    )

    def stored(self) -> str:
        """Store the photograph clean and return its digest; raise PictureRefused."""
        return current_files().put(clean_picture(self.picture.data.read()))


class SpendingForm(RefusingForm):
    """A payment."""

    key = key()
    day = day(lazy_("付款日期"), required=lazy_("请填付款日期。"))
    amount = digits(lazy_("金额"), required=lazy_("请填金额。"))
    amount_unit = small_unit(YUAN)
    purpose = text(
        lazy_("用途"), PURPOSE_MOST, required=lazy_("请填用途。"), hint=lazy_("居民看得到。")
    )
    payee = text(
        lazy_("收款单位"),
        UNIT_MOST,
        required=lazy_("请填收款单位。"),
        hint=lazy_("只在工作台显示。"),
    )
    file = attachment(lazy_("凭证"), hint=lazy_("发票或付款凭证，只在工作台能看。"))

    def validate_amount(self, _field: Field) -> None:
        """Refuse what is no exact amount of money."""
        cents(self.amount, self.amount_unit)

    def facts(self) -> SpendingFacts:
        """Store the receipt and return what was entered; raise AttachmentRefused."""
        digest, name = store(self.file)
        assert self.day.data is not None  # noqa: S101 -- its validator has asked for it
        return SpendingFacts(
            day=self.day.data,
            amount=cents(self.amount, self.amount_unit),
            purpose=self.purpose.data or "",
            payee=self.payee.data or "",
            file_digest=digest,
            file_name=name,
        )
