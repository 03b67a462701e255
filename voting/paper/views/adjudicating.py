"""Papers on which two keyers differ or doubt: the list, the decision, the record for the file."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from voting.accounts.service import officer_names
from voting.areas.service import find_installation
from voting.errors import NotFound, Refusal
from voting.notices.holder import render, set_paper
from voting.notices.rules import named_round
from voting.paper.document.adjudication import DecisionRow, Record, decision_record
from voting.paper.forms.keying import DecisionForm, void_names
from voting.paper.rules.serials import grouped, is_serial
from voting.paper.service.adjudicating import (
    Case,
    adjudicate,
    decisions_of,
    disputed_papers,
    open_case,
)
from voting.paper.service.admitting import may_key
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import monitor_names, monitors_of
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/paper/adjudication")
@on_round(Permission.PAPER_KEY)
def adjudication(round: Round) -> str:
    """List the papers that wait for a decision, and those decided."""
    session = get_session()
    page = request.args.get("page", 1, type=int)
    waiting, pages = disputed_papers(session, round.id, page=page)
    decided, last = decisions_of(session, round.id, page=page)
    return render_template(
        "paper/keying_adjudication.html",
        round=round,
        grouped=grouped,
        waiting=waiting,
        decided=decided,
        names=officer_names(session, (one.by for one in decided)),
        monitors=monitor_names(session, round.id),
        page=min(max(page, 1), max(pages, last)),
        pages=max(pages, last),
        is_open=may_key(session, round, now=now()),
    )


@bp.get("/desk/rounds/<round_id>/paper/adjudication/<number>")
@on_round(Permission.PAPER_KEY)
def decision(round: Round, number: str) -> str:
    """Show both keyings side by side and ask for a decision."""
    return _page(round, _offered(round), _case(round, number))


@bp.post("/desk/rounds/<round_id>/paper/adjudication/<number>")
@on_round(Permission.PAPER_KEY)
def decision_submit(round: Round, number: str) -> Any:
    """Decide a paper."""
    form, case = _offered(round), _case(round, number)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                void = adjudicate(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, serial=number, monitor_id=form.monitor.data,
                    verdict=form.verdict(case, request.form.to_dict()),
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form, case), refusal.status
        if void:
            why = void_names(round)[void]
            flash(_("裁定好了：%(why)s，整张无效。请放进“无效票”袋。", why=why), "success")
        else:
            flash(_("裁定好了，已投进票箱。"), "success")
        return redirect(url_for("paper.adjudication", round_id=round.id), 303)
    return _page(round, form, case), 422


@bp.get("/desk/rounds/<round_id>/paper/adjudication/record.pdf")
@on_round(Permission.PAPER_KEY)
def decision_record_pdf(round: Round) -> Any:
    """Return the record of all decisions, to be signed."""
    session = get_session()
    decided, _pages = decisions_of(session, round.id, page=None)
    if not decided:
        raise NotFound
    names = officer_names(session, (one.by for one in decided))
    monitors = monitor_names(session, round.id)
    installation = find_installation(session)
    facts = Record(
        round_title=named_round(round.title),
        printed_at=now(),
        rows=tuple(
            DecisionRow(
                at=one.at, serial=grouped(one.serial), is_counted=one.outcome == "counted",
                reason=one.reason, officer=names.get(one.by, ""),
                monitor=monitors.get(one.monitor_id, ""),
            )
            for one in decided
        ),
        demo=installation is not None and installation.demo,
        rehearsal=round.kind == "rehearsal",
    )  # fmt: skip
    response = make_response(set_paper(decision_record(facts, render=render)))
    response.mimetype = "application/pdf"
    return response


def _case(round: Round, number: str) -> Case:
    if not is_serial(number):
        raise NotFound
    return open_case(
        get_session(), actor=current_user.actor, keys=current_keys(), round_id=round.id,
        serial=number,
    )  # fmt: skip


def _offered(round: Round) -> DecisionForm:
    form = DecisionForm()
    form.offer(monitors_of(get_session(), round.id))
    return form


def _page(round: Round, form: DecisionForm, case: Case) -> str:
    return render_template(
        "paper/keying_decision.html",
        round=round,
        grouped=grouped,
        form=form,
        case=case,
        titles={one.number: one.title for one in case.paper.candidates},
        chosen=request.form,
        void_names=void_names(round),
        monitors=monitors_of(get_session(), round.id),
        is_open=may_key(get_session(), round, now=now()),
    )
