"""What is pressed when the emergency pack is made."""

from voting.web.refusing import RefusingForm


class PackForm(RefusingForm):
    """A press of the button that makes the pack."""
