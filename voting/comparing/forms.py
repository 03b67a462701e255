"""What the page of a comparison sends."""

from voting.web.refusing import RefusingForm


class CompareForm(RefusingForm):
    """Nothing to fill in: pressing the button is the act."""
