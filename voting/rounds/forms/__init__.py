"""What the pages about rounds send."""

from voting.rounds.fields import USUAL_YEARS
from voting.rounds.forms.planning import NewRoundForm, RoundForm
from voting.rounds.forms.showing import shown_plan, taken_plan
from voting.rounds.forms.team import TeamForm

__all__ = [
    "USUAL_YEARS",
    "NewRoundForm",
    "RoundForm",
    "TeamForm",
    "shown_plan",
    "taken_plan",
]
