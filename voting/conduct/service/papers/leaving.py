"""The papers of a step: which, made of what, and issued."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.conduct.rules import Step, papers
from voting.conduct.rules.papers import Setting
from voting.conduct.service.papers import evidence
from voting.conduct.service.papers.setting import setting_of
from voting.config import Config
from voting.journal.rules import Actor
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import find_head
from voting.notices.models import Notice
from voting.notices.rules import PlainPaper
from voting.notices.service import DESK, PUBLIC, issue_plain
from voting.proposals.rules.states import CandidateState
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.rounds.service import KEPT, MADE_UP, lost_minutes

# Papers with which publicity begins anew.
_ANEW = ("correction", "cut")


@dataclass(frozen=True)
class Desk:
    """What a paper is made of: the round as it stands now, and where to look for the rest."""

    session: Session
    round: Round
    change: PhaseChange
    setting: Setting


def leave_papers(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round: Round,
    step: Step,
    change: PhaseChange,
    config: Config | None = None,
) -> list[Notice]:
    """Issue the papers of a step that has just been noted, and return them.

    They are printed when somebody first asks, so a step never waits for a page to be set.
    """
    before = Phase(change.before)
    kinds = papers.left_by(step.act, before)
    if not kinds:
        return []
    desk = Desk(session, round, change, setting_of(session, round, change, now=now, config=config))
    issued = []
    for kind in kinds:
        paper = _MADE[kind](desk)
        if paper is None:
            continue
        is_public = papers.is_for_all(papers.PAPERS[kind], before)
        notice = issue_plain(
            session, now=now, actor=actor, kind=kind, area=round.area, round_id=round.id, paper=paper,
            audience=PUBLIC if is_public else DESK, repeatable=True,
            publicity_from=round.publicity_from if kind in _ANEW else None,
            publicity_to=round.publicity_to if kind in _ANEW else None,
        )  # fmt: skip
        issued.append(notice)
    return issued


def _not_taken(desk: Desk) -> PlainPaper | None:
    """Nobody needs a list of nothing."""
    rows = evidence.not_taken_in(desk.session, desk.round.id)
    return papers.not_taken(desk.setting, rows) if rows else None


def _minutes(desk: Desk) -> PlainPaper:
    listed, reserve = (
        evidence.works_in(desk.session, desk.round.id, state)
        for state in (CandidateState.LISTED, CandidateState.RESERVE)
    )
    return papers.minutes(desk.setting, listed, reserve)


def _count_report(desk: Desk) -> PlainPaper | None:
    result = evidence.result_in(desk.session, desk.round.id)
    if result is None:
        return None
    openers = evidence.openers_of(desk.session, desk.round.id)
    people = evidence.people_of(desk.session, desk.round.id)
    sealed = find_head(desk.session, desk.round.id)
    head = head_digits(sealed.root) if sealed else ""
    return papers.count_report(desk.setting, result, openers, people, head)


def _result_draft(desk: Desk) -> PlainPaper | None:
    result = evidence.result_in(desk.session, desk.round.id)
    return papers.result_draft(desk.setting, result) if result else None


def _answer(desk: Desk) -> PlainPaper:
    asked = evidence.asked_last(desk.session, desk.round.id)
    return papers.answer(desk.setting, is_upheld=desk.change.act == "round.correct", asked=asked)


def _publicity_done(desk: Desk) -> PlainPaper:
    history = evidence.steps_of(desk.session, desk.round.id)
    result = evidence.result_in(desk.session, desk.round.id)
    return papers.publicity_done(desk.setting, history, result)


def _summary(desk: Desk) -> PlainPaper:
    session, round_id = desk.session, desk.round.id
    return papers.summary(
        desk.setting,
        evidence.projects_in(session, round_id),
        evidence.steps_of(session, round_id),
        evidence.result_in(session, round_id),
        evidence.count_proposals(session, round_id),
    )


def _files(
    desk: Desk, write: Callable[[Setting, list[papers.PaperRow], int], PlainPaper]
) -> PlainPaper:
    found = evidence.papers_of(desk.session, desk.round.id)
    return write(desk.setting, found, evidence.files_of(desk.session, desk.round.id))


_MADE: Mapping[str, Callable[[Desk], PlainPaper | None]] = {
    "request": lambda desk: papers.request(desk.setting),
    "returned": lambda desk: papers.returned(desk.setting),
    "rejected": lambda desk: papers.rejected(desk.setting),
    "call": lambda desk: papers.call(desk.setting),
    "collected": lambda desk: papers.collected(
        desk.setting, evidence.proposals_in(desk.session, desk.round.id)
    ),
    "merged": lambda desk: papers.merged(
        desk.setting, evidence.merges_in(desk.session, desk.round.id)
    ),
    "not_taken": _not_taken,
    "minutes": _minutes,
    "shortlist": lambda desk: papers.shortlist(
        desk.setting, evidence.works_in(desk.session, desk.round.id, CandidateState.LISTED)
    ),
    "extended": lambda desk: papers.extended(desk.setting),
    "made_up": lambda desk: papers.made_up(
        desk.setting, lost_minutes(desk.session, desk.round.id, decision=MADE_UP)
    ),
    "kept_closing": lambda desk: papers.kept_closing(
        desk.setting, lost_minutes(desk.session, desk.round.id, decision=KEPT)
    ),
    "paused": lambda desk: papers.paused(desk.setting),
    "resumed": lambda desk: papers.resumed(desk.setting, PHASE_NAMES[Phase(desk.change.after)]),
    "terminated": lambda desk: papers.terminated(desk.setting),
    "void": lambda desk: papers.void(
        desk.setting, evidence.figures_in(desk.session, desk.round.id)
    ),
    "withdrawn": lambda desk: papers.withdrawn(
        desk.setting, evidence.gone_last(desk.session, desk.round)
    ),
    "cut": lambda desk: papers.cut(desk.setting, evidence.cut_in(desk.session, desk.round.id)),
    "count_report": _count_report,
    "result_draft": _result_draft,
    "objection": lambda desk: papers.objection(desk.setting),
    "answer": _answer,
    "correction": lambda desk: papers.correction(desk.setting),
    "publicity_done": _publicity_done,
    "projects": lambda desk: papers.projects(
        desk.setting, evidence.projects_in(desk.session, desk.round.id)
    ),
    "summary": _summary,
    "handover": lambda desk: _files(desk, papers.handover),
    "filed": lambda desk: _files(desk, papers.filed),
}
