"""What anybody may see: the whole, one place, and the places one may look for."""

from voting.public.service.area import PlacePage, place_page
from voting.public.service.home import Home, home, is_ready
from voting.public.service.papers import PaperList, latest_papers, papers_of_place
from voting.public.service.places import PlaceLine, PlaceList, find_places
from voting.public.service.rounds import RoundLine, RoundList, rounds_of_place

__all__ = [
    "Home",
    "PaperList",
    "PlaceLine",
    "PlaceList",
    "PlacePage",
    "RoundLine",
    "RoundList",
    "find_places",
    "home",
    "is_ready",
    "latest_papers",
    "papers_of_place",
    "place_page",
    "rounds_of_place",
]
