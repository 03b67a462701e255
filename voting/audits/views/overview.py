"""Where the spot checks of a round stand, and what each is good for."""

from flask import render_template
from flask_login import current_user

from voting.audits.rules import USUAL_CALLS, USUAL_CARDS, power
from voting.audits.service import CALLING, DRAWING, calls_state, cards_state
from voting.audits.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import monitors_of
from voting.web.db import get_session, now


@bp.get("/desk/rounds/<round_id>/audits")
@on_round(Permission.ROUND_READ)
def index(round: Round) -> str:
    """Explain both checks and show where they stand; off until somebody asks for them."""
    session = get_session()
    cards, calls = cards_state(session, round.id), calls_state(session, round.id)
    phase = round.phase_at(now())
    revealed = cards.compared.revealed if cards.compared else 0
    cards_sample = revealed or cards.drawn or USUAL_CARDS
    calls_sample = calls.answers.reached or calls.answers.drawn or USUAL_CALLS
    return render_template(
        "audits/index.html",
        round=round,
        cards=cards,
        calls=calls,
        cards_sample=cards_sample,
        cards_power=power(cards_sample),
        calls_sample=calls_sample,
        calls_power=power(calls_sample),
        monitors=monitors_of(session, round.id),
        may_act=Permission.URN_OPEN in current_user.permissions and round.kind != "loaded",
        can_draw_cards=phase in DRAWING,
        can_reveal=phase is Phase.COUNTING and not cards.is_opened and cards.reveal is None,
        can_draw_calls=phase in CALLING,
    )
