"""What open data answers: the same things, found by the same functions, as the public pages show."""

from voting.api.service.areas import area_part, dashboard
from voting.api.service.asking import Asked
from voting.api.service.candidates import all_candidates, candidate_part
from voting.api.service.comparison import comparison, seen_comparison
from voting.api.service.dates import round_events
from voting.api.service.news import paper_entries, progress_entries
from voting.api.service.notices import all_papers, notice, paper_part
from voting.api.service.projects import all_projects, project_part, project_story, seen_project
from voting.api.service.results import (
    Declared,
    declared_result,
    result,
    written_turnout,
)
from voting.api.service.rounds import round_part, written_round

__all__ = [
    "Asked",
    "Declared",
    "all_candidates",
    "all_papers",
    "all_projects",
    "area_part",
    "candidate_part",
    "comparison",
    "dashboard",
    "declared_result",
    "notice",
    "paper_entries",
    "paper_part",
    "progress_entries",
    "project_part",
    "project_story",
    "result",
    "round_events",
    "round_part",
    "seen_comparison",
    "seen_project",
    "written_round",
    "written_turnout",
]
