"""The figures of a round as they are shown, declared, printed and drawn. Plain values, money in cents."""

from voting.results.rules.charts import DayLine, Piece, ResultCharts, VoteLine, charts_of
from voting.results.rules.facts import (
    CHANNEL_NAMES,
    OFFICE_HOURS,
    CategoryLine,
    ChannelLine,
    PaperFigures,
    ProjectLine,
    Publicity,
    ResultFacts,
    TieLine,
    channel_name,
)

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
    "channel_name",
    "charts_of",
]
