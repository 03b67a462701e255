"""The officers who run a round, as ticks."""

from collections.abc import Sequence

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES
from voting.permissions import Role
from voting.web.fields import ticks
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_


class TeamForm(RefusingForm):
    """Who runs a round."""

    officer_ids = ticks(
        lazy_("哪些工作人员来办"),
        required=lazy_("请至少选一位工作人员。"),
        hint=lazy_("至少选 2 位：其中 1 位在街道，2 位能开箱（社区书记、街道工作人员）。"),
    )

    def offer_officers(self, officers: Sequence[Officer]) -> None:
        """Offer the officers who could run it, each with the place and the role."""
        self.officer_ids.choices = [
            SelectChoice(
                officer.id,
                f"{officer.name}（{officer.area.name}，{ROLE_NAMES[Role(officer.role)]}）",
            )
            for officer in officers
        ]
