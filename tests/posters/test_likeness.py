"""S7: not on the roll, a wrong name, a locked person: one answer, in one time."""

import re
import statistics
import time

import pytest

from tests.factories.posters import NAME, NUMBER, code_now, poster_round
from tests.factories.roll import identity_number
from tests.visiting import visit

FEW, MANY = 3, 500
LOCKED = "王五"
_CHANGING = re.compile(r'name="csrf_token" type="hidden" value="[^"]*"')


@pytest.fixture
def made(app, database):
    return poster_round(database, app.extensions["voting.keys"])


def _names(number):
    return f"李{chr(0x4E00 + number)}"


def _persons(turn):
    """Return who is claimed in a turn, by what is wrong with it; never the same twice but for the locked."""
    return {
        "not on the roll": (NAME, identity_number(order=100 + turn % 800)),
        "wrong name": (_names(turn), NUMBER),
        "locked": (LOCKED, identity_number(order=99)),
    }


class Claims:
    """A browser that sends one claim after the other, each with the screen's own code."""

    def __init__(self, client, made, code):
        self._client, self._address = client, f"/p/{made.round_id}"
        page = visit(client, self._address)
        token = page.form(self._address).values["csrf_token"]
        self._fields = {"csrf_token": token, "way": "screen", "consent": "y", "code": code}
        for _ in range(5):
            self.send(*_persons(0)["locked"])

    def send(self, name, number):
        """Return status, page and seconds."""
        fields = self._fields | {"name": name, "number": number}
        begun = time.perf_counter()
        answer = self._client.post(self._address, data=fields)
        took = time.perf_counter() - begun
        body = _CHANGING.sub("", answer.get_data(as_text=True))
        return answer.status_code, body.replace(name, "…").replace(number, "…"), took


def _measure(claims, turns):
    seen = set()
    times: dict[str, list[float]] = {}
    for turn in range(turns):
        for kind, person in _persons(turn).items():
            status, body, took = claims.send(*person)
            seen.add((status, body))
            times.setdefault(kind, []).append(took)
    return seen, times


def _auc(first, second):
    """Return how likely one is slower than the other: a half means that nothing tells them apart."""
    ranked = sorted([(took, 0) for took in first] + [(took, 1) for took in second])
    ranks = sum(place for place, (_, kind) in enumerate(ranked, 1) if kind)
    above = (ranks - len(second) * (len(second) + 1) / 2) / (len(first) * len(second))
    return max(above, 1 - above)


def test_wrong_claims_get_one_and_the_same_page(client, app, made, any_database):
    code = code_now(app.extensions["voting.keys"], made)
    seen, _times = _measure(Claims(client, made, code), FEW)
    assert len(seen) == 1
    assert {status for status, _ in seen} == {422}


@pytest.mark.soak
def test_the_time_of_a_wrong_claim_says_nothing(
    client, app, made, any_database, scaled, record_property
):
    code = code_now(app.extensions["voting.keys"], made)
    claims = Claims(client, made, code)
    _measure(claims, 20)
    seen, times = _measure(claims, scaled(MANY))
    assert len(seen) == 1
    medians = {kind: statistics.median(took) * 1000 for kind, took in times.items()}
    kinds = list(times)
    likeness = {
        f"{one} / {other}": _auc(times[one], times[other])
        for place, one in enumerate(kinds)
        for other in kinds[place + 1 :]
    }
    for kind, median in medians.items():
        record_property(f"median ms, {kind}", f"{median:.2f}")
    for pair, auc in likeness.items():
        record_property(f"AUC, {pair}", f"{auc:.3f}")
    assert max(medians.values()) - min(medians.values()) < 5
    assert max(likeness.values()) < 0.6
