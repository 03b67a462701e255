"""The result: the page for everybody, the street's preview, and the act of declaring it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, public_url
from voting.audits.service import differences
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.ledger.holder import sign_for_paper
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import find_head
from voting.notices.holder import PaperKind, issue_printed, offer, render, set_paper
from voting.notices.models import Notice
from voting.notices.rules import write_facts
from voting.notices.service import Series, find_notice
from voting.permissions import Permission
from voting.results.document import ResultNotice, notice_facts, result_notice
from voting.results.forms import DeclareForm
from voting.results.models import Result
from voting.results.rules import OFFICE_HOURS, Publicity, ResultFacts, charts_of
from voting.results.service import (
    RESULT,
    AlreadyDeclared,
    NotDeclaredYet,
    Printed,
    cut_of,
    days_in_force,
    declare,
    declared_facts,
    digest_of,
    facts_of,
    find_result,
    publicity_of,
)
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, was_public
from voting.tally.rules.phrases import Phrase
from voting.tally.service import find_tally
from voting.tally.service.drawing import draw_state
from voting.web.access import public
from voting.web.db import current_config, current_database, get_session, now
from voting.web.filters import budget
from voting.web.text import _

bp = Blueprint("results", __name__)
_DRAFT = "送审稿"


@bp.get("/rounds/<round_id>/result")
@public
def result(round_id: str) -> Any:
    """Show the declared result to anybody, and nothing before it is declared."""
    session = get_session()
    round = get_round(session, round_id)
    if round.kind == "loaded" or not was_public(session, round):
        raise NotFound
    stored = find_result(session, round_id)
    if stored is None or stored.declared_at is None:
        return make_response(render_template("results/not_yet.html", round=round), 404)
    return render_template(
        "results/result.html",
        round=round,
        notice=find_notice(session, round_id, RESULT),
        publicity=_declared_days(round, stored),
        cut=cut_of(session, round_id),
        declared=declared_facts(session, round_id),
        site=public_url(find_installation(session), current_config()),
        **_shown(facts_of(session, round_id)),
    )


@bp.get("/desk/rounds/<round_id>/result")
@on_round(Permission.URN_OPEN)
def preview(round: Round) -> str:
    """Show the street what it is about to declare, or what it has declared."""
    return _preview_page(round, DeclareForm())


@bp.post("/desk/rounds/<round_id>/result")
@on_round(Permission.RESULT_DECLARE)
def declare_submit(round: Round) -> Any:
    """Declare the result: print its notice, then fix both in one transaction."""
    form = DeclareForm()
    if form.validate_on_submit():
        try:
            issued = declare_and_issue(round.id, current_user.actor)
        except Refusal as refusal:
            form.refuse(refusal)
            return _preview_page(round, form), refusal.status
        flash(
            _("结果已经审定，公示编号 %(number)s。请打印、盖章、张贴。", number=issued.number),
            "success",
        )
        return redirect(url_for("results.preview", round_id=round.id), 303)
    return _preview_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/result/draft.pdf")
@on_round(Permission.URN_OPEN)
def draft(round: Round) -> Response:
    """Return the notice as it would be printed today, marked as a draft for review."""
    made = _gather(get_session(), round.id, _DRAFT)
    response = make_response(set_paper(result_notice(made.notice, render=render)))
    response.mimetype = "application/pdf"
    return response


@dataclass(frozen=True)
class _Made:
    """The facts of a notice with what must still hold when it is issued."""

    notice: ResultNotice
    result_digest: bytes
    publicity: Publicity


def _gather(session: Session, round_id: str, number: str) -> _Made:
    facts, today = facts_of(session, round_id), local_day(now())
    installation = find_installation(session)
    address = public_url(installation, current_config())
    publicity = publicity_of(session, facts, posted=today)
    head = find_head(session, round_id)
    notice = notice_facts(
        facts,
        publicity=publicity,
        issued_on=today,
        number=number,
        url=f"{address}/rounds/{round_id}/result",
        demo=installation is not None and installation.demo,
    )
    notice = replace(notice, head=head_digits(head.root) if head else "")
    return _Made(notice, digest_of(facts), publicity)


def declare_and_issue(round_id: str, actor: Actor) -> Notice:
    """Declare a result and issue its notice; raise what ``results.service.declare`` raises."""

    def store(session: Session, made: _Made, digest: str) -> Notice:
        printed = Printed(
            number=made.notice.number,
            title=made.notice.title,
            facts=write_facts(made.notice),
            pdf_digest=digest,
            result_digest=made.result_digest,
            publicity=made.publicity,
        )
        return declare(session, now=now(), actor=actor, round_id=round_id, printed=printed)

    with current_database().reading() as session:
        stored = find_result(session, round_id)
        if stored is not None and stored.declared_at is not None:
            raise AlreadyDeclared
        rehearses = get_round(session, round_id).kind == "rehearsal"
    sign_for_paper(round_id)
    return issue_printed(
        gather=lambda session, number: _gather(session, round_id, number),
        paper=lambda made: result_notice(made.notice, render=render),
        store=store,
        series=Series.REHEARSAL if rehearses else Series.PUBLIC,
    )


def issued_result(round_id: str, _actor: Actor) -> Notice:
    """Return the notice of a declared result; raise NotDeclaredYet: only the street can declare."""
    with current_database().reading() as session:
        issued = find_notice(session, get_round(session, round_id).id, RESULT)
    if issued is None:
        raise NotDeclaredYet
    return issued


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    offer(
        state.app,
        PaperKind(
            name=RESULT,
            label="票决结果公示",
            facts=ResultNotice,
            page="notices/result.html",
            issue=issued_result,
            paper=result_notice,
        ),
    )


def _preview_page(round: Round, form: DeclareForm) -> str:
    session = get_session()
    stored = find_result(session, round.id)
    is_counted = find_tally(session, round.id) is not None
    phase = get_round(session, round.id).phase_at(now())
    waits = draw_state(session, round).waits
    facts = facts_of(session, round.id) if is_counted and not waits else None
    declared = stored is not None and stored.declared_at is not None
    return render_template(
        "results/preview.html",
        round=round,
        form=form,
        phase=phase,
        waits=waits,
        stored=stored if declared else None,
        notice=find_notice(session, round.id, RESULT),
        may_declare=phase is Phase.RESULT_REVIEW
        and Permission.RESULT_DECLARE in current_user.permissions,
        publicity=_days(session, round, stored, facts) if facts else None,
        differences=differences(session, round.id) if facts else [],
        **(_shown(facts) if facts else {"facts": None}),
    )


def _days(session: Session, round: Round, stored: Result | None, facts: ResultFacts) -> Publicity:
    if stored is not None and stored.declared_at is not None:
        return _declared_days(round, stored)
    return publicity_of(session, facts, posted=local_day(now()))


def _declared_days(round: Round, stored: Result) -> Publicity:
    days = days_in_force(round, stored)
    if days is None:
        raise NotFound
    return days


def _shown(facts: ResultFacts) -> dict[str, Any]:
    """Return the figures with every sentence they need, in the reader's language."""
    return {
        "facts": facts,
        "charts": charts_of(facts),
        "sentences": {line.number: _say(line.sentence(budget)) for line in facts.projects},
        "rule": [_say(phrase) for phrase in facts.rule],
        "tie_rule": [_say(phrase) for phrase in facts.tie_rule],
        "ties": [_say(tie.phrase) for tie in facts.ties],
        "lot": _say(facts.draw.phrase) if facts.draw else "",
        "office_hours": _(OFFICE_HOURS),
    }


def _say(phrase: Phrase) -> str:
    sentence: str = _(phrase.msgid, **phrase.values)
    return sentence
