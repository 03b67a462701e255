"""The field that only proposals and candidates have: their category."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired

from voting.proposals.models import CATEGORY_NAMES
from voting.web.text import lazy_


def categories() -> RadioField:
    """Make the choice among the three categories."""
    return RadioField(
        lazy_("类别"),
        choices=[SelectChoice(category.value, name) for category, name in CATEGORY_NAMES.items()],
        validators=[DataRequired(lazy_("请选择类别。"))],
    )
