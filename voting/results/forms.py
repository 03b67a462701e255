"""What the page of the result sends: that the street declares it."""

from flask_wtf import FlaskForm

from voting.errors import Refusal
from voting.web.text import say


class DeclareForm(FlaskForm):
    """Nothing to fill in: pressing the button is the act."""

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence at the head of the form."""
        self.form_errors.append(say(refusal))
