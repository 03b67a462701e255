"""The page of a round's key: made, printed, forgotten, proven, lost."""

from voting.custody.views import losing, making, proving
from voting.custody.views.blueprint import bp

__all__ = ["bp", "losing", "making", "proving"]
