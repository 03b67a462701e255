"""The figures of a round as they are shown, declared, printed and drawn. Plain values, money in cents."""

from voting.results.rules.charts import DayLine, Piece, ResultCharts, VoteLine, charts_of
from voting.results.rules.cutting import after_cut
from voting.results.rules.facts import (
    CHANNEL_NAMES,
    OFFICE_HOURS,
    CategoryLine,
    ChannelLine,
    PaperFigures,
    Publicity,
    ResultFacts,
    channel_name,
)
from voting.results.rules.lines import ProjectLine, TieLine

__all__ = [
    "CHANNEL_NAMES",
    "OFFICE_HOURS",
    "CategoryLine",
    "ChannelLine",
    "DayLine",
    "PaperFigures",
    "Piece",
    "ProjectLine",
    "Publicity",
    "ResultCharts",
    "ResultFacts",
    "TieLine",
    "VoteLine",
    "after_cut",
    "channel_name",
    "charts_of",
]
