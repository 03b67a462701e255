"""What the pages of the desk send."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES
from voting.permissions import Role
from voting.web.refusing import RefusingForm
from voting.web.text import _, lazy_


class RetireForm(RefusingForm):
    """Who takes over; who holds nothing needs nobody."""

    receiver_id = SelectField(
        lazy_("接收人"),
        description=lazy_("在同一区域或上级，并且有办理这些事的权限。"),
        validators=[InputRequired(lazy_("请选择接收人。"))],
    )

    def offer(self, receivers: list[Officer]) -> None:
        """Offer the officers who may take over."""
        people = [
            (officer.id, f"{officer.name}（{officer.area.name}，{ROLE_NAMES[Role(officer.role)]}）")
            for officer in receivers
        ]
        self.receiver_id.choices = [("", _("请选择")), *people]
