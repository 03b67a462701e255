"""The poster's way to a ballot: the resident's pages, and the worker's."""

from voting.posters.views import claiming, proving, working
from voting.posters.views.blueprint import bp

__all__ = ["bp", "claiming", "proving", "working"]
