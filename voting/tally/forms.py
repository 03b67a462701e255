"""What the count page sends: that an officer agrees, or that the count is to begin again."""

from voting.web.refusing import RefusingForm


class CountForm(RefusingForm):
    """Nothing to fill in: pressing the button is the act."""
