"""The paper that calls to the vote: issued once, as soon as the rules are frozen."""

from typing import Any

from flask import redirect, render_template
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, public_url
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.ledger.holder import sign_for_paper
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import find_head
from voting.notices.document import VoteNotice, vote_notice
from voting.notices.holder import PaperKind, offer, page_of, render
from voting.notices.models import Notice
from voting.notices.service import find_notice
from voting.permissions import Permission
from voting.rounds.holder import issue_paper_once, on_round
from voting.rounds.models import Round
from voting.tally.document import VOTE, vote_facts
from voting.tally.forms import CountForm
from voting.tally.service import announcement_of
from voting.tally.views.blueprint import bp
from voting.web.db import current_config, get_session, now


def issue_vote(round_id: str, actor: Actor) -> Notice:
    """Issue the paper, or return the one that was issued; raise NotFound or NotAnnounced."""

    def gather(session: Session, number: str) -> VoteNotice:
        address = public_url(find_installation(session), current_config())
        given = announcement_of(session, now=now(), round_id=round_id)
        url = f"{address}/rounds/{round_id}"
        head = find_head(session, round_id)
        return vote_facts(
            given, number=number, url=url, head=head_digits(head.root) if head else ""
        )

    return issue_paper_once(
        round_id, actor, kind=VOTE, before=sign_for_paper, gather=gather,
        paper=lambda facts: vote_notice(facts, render=render),
    )  # fmt: skip


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    offer(
        state.app,
        PaperKind(
            name=VOTE,
            label="投票通告",
            facts=VoteNotice,
            page="notices/vote.html",
            issue=issue_vote,
            paper=vote_notice,
        ),
    )


@bp.get("/desk/rounds/<round_id>/announcement")
@on_round(Permission.ROUND_READ)
def announcement(round: Round) -> str:
    """Show whether the paper that calls to the vote has been issued."""
    return _page(round, CountForm())


@bp.post("/desk/rounds/<round_id>/announcement")
@on_round(Permission.NOTICE_ISSUE)
def announcement_submit(round: Round) -> Any:
    """Issue the paper."""
    form = CountForm()
    if form.validate_on_submit():
        try:
            notice = issue_vote(round.id, current_user.actor)
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        return redirect(page_of(notice), 303)
    return _page(round, form), 422


def _page(round: Round, form: CountForm) -> str:
    return render_template(
        "tally/announcement.html",
        round=round,
        form=form,
        notice=find_notice(get_session(), round.id, VOTE),
        may_issue=Permission.NOTICE_ISSUE in current_user.permissions,
    )
