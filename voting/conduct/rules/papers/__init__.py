"""The wording of the papers that steps leave: words of our own, facts of the round, no resident's name."""

from voting.conduct.rules.papers.closing import filed, handover, projects, summary
from voting.conduct.rules.papers.counting import (
    count_report,
    publicity_done,
    result_draft,
)
from voting.conduct.rules.papers.cutting import Cut, CutRow, cut
from voting.conduct.rules.papers.halting import (
    extended,
    kept_closing,
    made_up,
    paused,
    resumed,
    terminated,
    void,
)
from voting.conduct.rules.papers.kinds import PAPERS, LeftPaper, is_for_all, left_by
from voting.conduct.rules.papers.objecting import answer, correction, objection
from voting.conduct.rules.papers.planning import call, rejected, request, returned
from voting.conduct.rules.papers.rows import (
    MergeRow,
    PaperRow,
    ProjectRow,
    ProposalRow,
    StepRow,
    WorkRow,
)
from voting.conduct.rules.papers.screening import collected, merged, not_taken
from voting.conduct.rules.papers.setting import Setting
from voting.conduct.rules.papers.shortlisting import minutes, shortlist
from voting.conduct.rules.papers.withdrawing import Gone, withdrawn

__all__ = [
    "PAPERS",
    "Cut",
    "CutRow",
    "Gone",
    "LeftPaper",
    "MergeRow",
    "PaperRow",
    "ProjectRow",
    "ProposalRow",
    "Setting",
    "StepRow",
    "WorkRow",
    "answer",
    "call",
    "collected",
    "correction",
    "count_report",
    "cut",
    "extended",
    "filed",
    "handover",
    "is_for_all",
    "kept_closing",
    "left_by",
    "made_up",
    "merged",
    "minutes",
    "not_taken",
    "objection",
    "paused",
    "projects",
    "publicity_done",
    "rejected",
    "request",
    "result_draft",
    "resumed",
    "returned",
    "shortlist",
    "summary",
    "terminated",
    "void",
    "withdrawn",
]
