"""Pages for anyone: home, places, the poster's page, the size of type, and what operators ask."""

from voting.public.views import frame, home, places
from voting.public.views.blueprint import bp

__all__ = ["bp", "frame", "home", "places"]
