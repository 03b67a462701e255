"""“换一种算法会怎样”: at the desk it is made and read, and everybody reads it where the round said so."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_login import current_user

from voting.adapters.jobs import Queue
from voting.comparing.forms import CompareForm
from voting.comparing.holder import TakesLong, compare_quickly
from voting.comparing.rules.facts import Alternative, Comparison
from voting.comparing.rules.words import (
    FIRST,
    change,
    change_sentence,
    margin_phrase,
    rule_name,
    rule_sentences,
    served_phrase,
    smallest_sentence,
)
from voting.comparing.service import (
    ShownComparison,
    is_reviewed,
    latest_comparison,
    order_comparison,
    public_comparison,
    shown_comparison,
    store_comparison,
)
from voting.errors import Refusal
from voting.permissions import Permission
from voting.persistence.jobs import Job
from voting.results.rules import channel_name
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.tally.rules.phrases import Phrase
from voting.tally.service import AT_ONCE, find_tally
from voting.web.access import public
from voting.web.db import current_config, get_session, now, transaction
from voting.web.filters import budget
from voting.web.text import _

bp = Blueprint("comparing", __name__)
_REFRESH_SECONDS = 3
# What stands for a rule above a narrow column.
_MARKS = "甲乙丙丁戊己庚辛"


@dataclass(frozen=True)
class Column:
    """One rule as the page shows it: its mark and name, the rule in words, and what would be otherwise."""

    mark: str
    name: str
    sentence: str
    change: str
    served: str
    tied: str
    rule: Alternative


@bp.get("/rounds/<round_id>/comparison")
@public
def public_page(round_id: str) -> str:
    """Show a comparison to anybody, where the round said before its vote that it would be published."""
    round, shown = public_comparison(get_session(), round_id)
    return render_template("comparing/public.html", round=round, **_words(shown))


@bp.get("/desk/rounds/<round_id>/comparison")
@on_round(Permission.URN_OPEN)
def show(round: Round) -> Any:
    """Show the comparison to the officers of a round, or how it is made."""
    return _page(round, CompareForm())


@bp.post("/desk/rounds/<round_id>/comparison")
@on_round(Permission.URN_OPEN)
def make_submit(round: Round) -> Any:
    """Make the comparison at once, or order the job where it takes longer than a page may."""
    form = CompareForm()
    if form.validate_on_submit():
        try:
            _make(round.id)
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        return redirect(url_for("comparing.show", round_id=round.id), 303)
    return _page(round, form), 422


def _queue() -> Queue:
    return Queue(current_config().var / "jobs")


def _make(round_id: str) -> None:
    tally = find_tally(get_session(), round_id)
    if tally is not None and tally.ballots > AT_ONCE:
        _order(round_id)
        return
    try:
        found = compare_quickly(round_id)
    except TakesLong:
        _order(round_id)
        return
    with transaction() as session:
        store_comparison(
            session, now=now(), actor=current_user.actor, round_id=round_id, found=found
        )


def _order(round_id: str) -> None:
    queue = _queue()
    with transaction() as session:
        job = order_comparison(
            session, now=now(), actor=current_user.actor, round_id=round_id,
            served=queue.is_served(),
        )  # fmt: skip
    queue.put(job.id)


def _page(round: Round, form: CompareForm) -> Any:
    session, served = get_session(), _queue().is_served()
    reviewed = is_reviewed(round)
    # One that was made stays readable, also where the round was terminated since.
    shown = shown_comparison(session, round.id)
    job = latest_comparison(session, round.id) if reviewed and shown is None else None
    state = "shown" if shown else (_state(job, served=served) if reviewed else "early")
    page = render_template(
        "comparing/desk.html", round=round, form=form, state=state, job=job, served=served,
        **(_words(shown) if shown else {}),
    )  # fmt: skip
    response = make_response(page)
    if state == "moves":
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


def _state(job: Job | None, *, served: bool) -> str:
    if job is None or job.state == "done":
        return "ready"
    if job.state == "failed" or (job.state == "running" and not served):
        return "failed"
    return "moves"


def _words(shown: ShownComparison) -> dict[str, Any]:
    """Return a comparison with every sentence it needs, in the reader's language."""
    found = shown.found
    return {
        "shown": shown,
        "found": found,
        "first": _(FIRST),
        "columns": [
            _column(mark, one, found) for mark, one in zip(_MARKS, found.alternatives, strict=False)
        ],
        "margins": {one.id: _say(margin_phrase(one, found.budget)) for one in found.projects},
        "smallest": _(
            smallest_sentence(found),
            votes=found.smallest,
            numbers=_numbers([one.id for one in found.nearest]),
        ),
        "told": [
            one
            for one in found.projects
            if any(one.id in column.votes for column in shown.channels)
        ],
        "rest": {one.id: shown.rest(one) for one in found.projects},
        "channel_names": {one.channel: _(channel_name(one.channel)) for one in shown.channels},
    }


def _column(mark: str, one: Alternative, found: Comparison) -> Column:
    came, went = change(one, found.declared)
    sentences = rule_sentences(one, budget, found)
    return Column(
        mark=mark,
        name=_say(rule_name(one)),
        sentence=str(_("；")).join(_say(phrase) for phrase in sentences) + _("。"),
        change=_(change_sentence(came, went), came=_numbers(came), went=_numbers(went)),
        served=_say(served_phrase(one)),
        tied=_numbers(list(one.tied)),
        rule=one,
    )


def _numbers(ids: list[str]) -> str:
    return str(_("、")).join(_("%(number)s 号", number=id) for id in ids)


def _say(phrase: Phrase) -> str:
    sentence: str = _(phrase.msgid, **phrase.values)
    return sentence
