"""What somebody who comes by the poster sends, and the worker who looks at them."""

from typing import ClassVar

from wtforms import BooleanField, Field, HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from voting.cards.rules import read_check_code
from voting.clock import local_day
from voting.posters.rules import Person, read_claim_code
from voting.roll.rules.identity import read_identity
from voting.roll.rules.names import read_name
from voting.rounds.rules import SecondFactor
from voting.web.db import now
from voting.web.fields import plain, read, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_LONG = 60
_TOO_LONG = lazy_("这里填得太长了。")
_SIX = lazy_("这里要填 6 位数字。")


class _SixDigits:
    """Ask for six digits; whatever else is no try: nobody should lose one to a slip of the thumb."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: RefusingForm, field: Field) -> None:
        if read_check_code(field.data or "") is None:
            raise ValidationError(_SIX)


class _SixDigitsOfScreen(_SixDigits):
    """Ask for them where the screen proves somebody."""

    def __call__(self, form: RefusingForm, field: Field) -> None:
        if form["way"].data == SecondFactor.SCREEN:
            super().__call__(form, field)


class ClaimForm(RefusingForm):
    """Who somebody says they are; what proves it depends on the chosen way."""

    way = HiddenField()
    name = StringField(
        lazy_("姓名"),
        description=lazy_("照身份证上的写。"),
        filters=[tidy],
        validators=[DataRequired(lazy_("请填姓名。")), Length(max=_LONG, message=_TOO_LONG), plain],
    )
    number = StringField(
        lazy_("证件号码"),
        description=lazy_(
            "居民身份证 18 位，最后一位是 X 的也填上。港澳台居民居住证、外国人永久居留身份证也可以。"
        ),
        filters=[tidy],
        validators=[
            DataRequired(lazy_("请填证件号码。")),
            Length(max=_LONG, message=_TOO_LONG),
            plain,
        ],
    )
    code = StringField(
        lazy_("投票点屏幕上的 6 位数字"),
        description=lazy_("每分钟换一次，请照屏幕上现在的填。"),
        filters=[tidy],
        validators=[_SixDigitsOfScreen(), Length(max=_LONG, message=_TOO_LONG), plain],
    )
    consent = BooleanField(
        lazy_("我同意用姓名和证件号码核对我的投票资格"),
        validators=[
            InputRequired(
                lazy_("要同意才能在手机上核实。不同意也能投：请带身份证件到投票点或社区服务台。")
            )
        ],
    )
    consent_phone = BooleanField(lazy_("我同意向名册上登记的我的手机发一条短信"))

    def validate_name(self, field: Field) -> None:
        """Refuse what is nobody's name."""
        read(read_name, field.data)

    def validate_number(self, field: Field) -> None:
        """Refuse what cannot be an identity number; it costs no try."""
        read(lambda: read_identity(field.data, today=local_day(now())))

    def validate_consent_phone(self, field: Field) -> None:
        """Ask for a consent of its own where a telephone is used."""
        if self.way.data == SecondFactor.SMS and not field.data:
            raise ValidationError(
                lazy_("要同意才能发短信。不同意的，请换一种办法，或者到投票点办理。")
            )

    @property
    def person(self) -> Person:
        """Return who is claimed; ask only when the form is valid."""
        number = read_identity(self.number.data or "", today=local_day(now())).number
        return Person(read_name(self.name.data or ""), number)

    @property
    def digits(self) -> str:
        """Return the code that was typed; ask only when the form is valid."""
        return read_check_code(self.code.data or "") or ""

    def forget_code(self) -> None:
        """Let everything stay as it was typed but for the code: the next one is another."""
        self.code.data, self.code.raw_data = "", None


class MessageCodeForm(RefusingForm):
    """What the short message said."""

    code = StringField(
        lazy_("短信里的 6 位数字"),
        filters=[tidy],
        validators=[_SixDigits(), Length(max=_LONG, message=_TOO_LONG), plain],
    )

    @property
    def digits(self) -> str:
        """Return the code that was typed; ask only when the form is valid."""
        return read_check_code(self.code.data or "") or ""


class FindClaimForm(RefusingForm):
    """The short code on a resident's telephone, typed by a worker."""

    code = StringField(
        lazy_("居民手机上的 8 位号"),
        filters=[tidy],
        validators=[
            DataRequired(lazy_("请填居民手机上的 8 位号。")),
            Length(max=_LONG, message=_TOO_LONG),
            plain,
        ],
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what cannot be a short code."""
        if read_claim_code(field.data) is None:
            raise ValidationError(lazy_("这个号是 8 位字母和数字。请照居民手机上的再填一次。"))
