"""What the pages about the roll send."""

from voting.roll.forms.finding import UNDO_REASONS, HandOutForm, SearchForm, UndoForm
from voting.roll.forms.importing import UploadForm, columns_form
from voting.roll.forms.people import STRIKE_REASONS, CorrectForm, PersonForm, StrikeForm

__all__ = [
    "STRIKE_REASONS",
    "UNDO_REASONS",
    "CorrectForm",
    "HandOutForm",
    "PersonForm",
    "SearchForm",
    "StrikeForm",
    "UndoForm",
    "UploadForm",
    "columns_form",
]
