"""What the count page sends: that an officer agrees, or that the count is to begin again."""

from flask_wtf import FlaskForm

from voting.errors import Refusal
from voting.web.text import say


class CountForm(FlaskForm):
    """Nothing to fill in: pressing the button is the act."""

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence at the head of the form."""
        self.form_errors.append(say(refusal))
