"""What the pages about rounds send."""

from voting.rounds.forms.planning import NewRoundForm, RoundForm
from voting.rounds.forms.showing import shown_plan, taken_plan
from voting.rounds.forms.team import TeamForm
from voting.web.fields import USUAL_YEARS

__all__ = [
    "USUAL_YEARS",
    "NewRoundForm",
    "RoundForm",
    "TeamForm",
    "shown_plan",
    "taken_plan",
]
