"""What the pages about settling and the sheet send."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from voting.paper.service.spoiling import SPOILED
from voting.reading import is_plain
from voting.web.fields import check_between, digits, text, tidy
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_MOST = 20_000
REASON_MOST = 300


class CountBundleForm(RefusingForm):
    """How many papers of a bundle are left."""

    unused = digits(lazy_("剩下没有发的"), required=lazy_("请填数字，没有剩的填 0。"))

    def validate_unused(self, field: HiddenField) -> None:
        """Refuse what is no number of papers."""
        check_between(field, 0, _MOST)


class SpoilForm(RefusingForm):
    """A paper by its serial, and what is wrong with it."""

    serial = text(lazy_("票号"), 300, required=lazy_("请扫票上的二维码，或输入九位票号。"))
    reason = RadioField(
        lazy_("原因"),
        choices=[SelectChoice(code, lazy_(name)) for code, name in SPOILED.items()],
        default="misprint",
        validators=[InputRequired(lazy_("请选择原因。"))],
    )


class UnspoilForm(RefusingForm):
    """Which paper was taken for spoiled."""

    serial = HiddenField(validators=[InputRequired()])


class SignForm(RefusingForm):
    """The digest of the figures that were seen."""

    seen = HiddenField(validators=[InputRequired()])


def read_reasons(typed: Sequence[str], lines: int) -> list[str] | None:
    """Return a reason for each line, or None if one is missing, too long or holds what nobody sees."""
    reasons = [tidy(one) for one in typed]
    fit = len(reasons) == lines and all(
        reason and len(reason) <= REASON_MOST and is_plain(reason, lines=True) for reason in reasons
    )
    return reasons if fit else None
