from datetime import timedelta

import pytest

from tests.factories.accounts import make_officer, sit_down
from tests.factories.audits import (
    CLOSED,
    Desk,
    make_watched_round,
)
from tests.factories.ballots import NOW
from tests.visiting import read, submit
from voting.audits.models import CallDraw
from voting.cards.models import CardDraw, CardReveal
from voting.permissions import Permission, Role, allows
from voting.rounds.models import Round

# --- who sees and does what, when ---

PAGES = ("", "/cards", "/cards/draw", "/cards/by-hand", "/cards/reveal", "/cards/1", "/calls/draw")
OPENERS = {Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_open_the_urn_sees_every_page_and_others_the_first(tested, database, role):
    with database.transaction() as session:
        area = session.get_one(Round, tested.round_id).area
        officer = make_officer(session, area=area, role=role)
    sit_down(tested.client, database, officer, now=CLOSED)
    codes = {path: tested.client.get(tested.base + path).status_code for path in PAGES}
    assert codes == {path: 200 if role in OPENERS or path == "" else 403 for path in PAGES}
    if role not in OPENERS:
        links = [one for one in tested.page().links if one.startswith(tested.base + "/")]
        # Whoever keys paper keys the drawn ones a third time.
        keys = allows(role, Permission.PAPER_KEY)
        assert links == ([f"{tested.base}/papers"] if keys else [])


PHASES = {
    "shortlisted": (),
    "vote_announced": ("/cards/draw",),
    "voting": ("/cards/draw",),
    "paused": (),
    "counting": ("/calls/draw",),
    "result_review": ("/calls/draw",),
    "publicity": ("/calls/draw",),
    "confirmed": ("/calls/draw",),
    "archived": (),
    "vote_void": (),
    "terminated": (),
}


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_offers_what_is_possible_and_refuses_the_rest(app, database, keys, clock, phase):
    with database.transaction() as session:
        round, monitor = make_watched_round(session, keys, phase=phase, **_times(phase))
        desk, monitor_id = (round.id, round.area), monitor.id
    made = Desk(app, database, clock, *desk)
    acts = {"/cards/draw", "/calls/draw"}
    assert {one.removeprefix(made.base) for one in made.page().links} & acts == set(PHASES[phase])
    given: dict[str, object] = {"count": "1", "monitor": monitor_id}
    more = {"/calls/draw": {"public_number": "2026137", "source": "双色球"}}
    for path in acts - set(PHASES[phase]):
        fields: dict[str, object] = {**given, **more.get(path, {})}
        answer = submit(made.client, made.page(path), made.base + path, **fields)
        assert answer.status_code == 409, path
        read(answer, path, status=409)
    assert made.count(CardDraw) == made.count(CallDraw) == made.count(CardReveal) == 0


def _times(phase):
    if phase == "vote_announced":
        return {"opens_at": NOW + timedelta(days=1)}
    return (
        {}
        if phase in {"voting", "paused", "shortlisted"}
        else {"closes_at": NOW - timedelta(hours=1)}
    )
