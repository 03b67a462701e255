"""A form that can show why the act it asked for was refused."""

from flask_wtf import FlaskForm

from voting.errors import Refusal
from voting.web.text import say


class RefusingForm(FlaskForm):
    """The base of every form whose act a service may refuse."""

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence beside its field, or at the head of the form."""
        if refusal.field in self._fields:
            self[refusal.field].errors = [say(refusal)]
        else:
            self.form_errors.append(say(refusal))
