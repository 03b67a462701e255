"""What the pages about rounds send."""

from voting.rounds.forms.planning import NewRoundForm, RoundForm, of_round

__all__ = ["NewRoundForm", "RoundForm", "of_round"]
