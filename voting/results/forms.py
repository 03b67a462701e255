"""What the page of the result sends: that the street declares it."""

from voting.web.refusing import RefusingForm


class DeclareForm(RefusingForm):
    """Nothing to fill in: pressing the button is the act."""
