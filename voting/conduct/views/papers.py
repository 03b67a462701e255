"""The kinds of papers that steps leave are made known; each is shown where all papers are."""

from flask.blueprints import BlueprintSetupState

from voting.conduct.rules.papers import PAPERS
from voting.conduct.views.blueprint import bp
from voting.notices.holder import PaperKind, offer


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    for paper in PAPERS.values():
        offer(state.app, PaperKind(paper.name, paper.label))
