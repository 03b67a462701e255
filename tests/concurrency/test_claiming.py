"""W12 and the poster's races: five tries a person whatever the attack, one ballot a claim."""

import http.client
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from tests.factories.ballots import NOW, keyring
from tests.factories.posters import NAME, NUMBER, PERSON, code_now, poster_round
from tests.roll.test_races import at_once
from tests.serving import serving
from voting import clock
from voting.ballots import service
from voting.ballots.models import UrnEntry
from voting.ballots.service import cast_by_claim, load_paper
from voting.posters.models import IdentityTry, PosterClaim
from voting.posters.service import claim_by_screen, claim_hash

SECRET = b"s" * 32
CASTS = 20
_TOKEN = re.compile(rb'name="csrf_token" type="hidden" value="([^"]+)"')


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


@pytest.fixture
def made(database, keys, any_database):
    """A round that is open now, by the clock of a real server."""
    now = clock.now()
    return poster_round(
        database, keys,
        opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=5),
    )  # fmt: skip


@dataclass
class Guesser:
    """A browser at an address of its own that claims to be somebody."""

    url: str
    path: str
    address: str = "127.0.0.1"
    cookie: str = ""
    token: str = ""

    def _ask(self, method, fields=None):
        host = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(host, timeout=60, source_address=(self.address, 0))
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"203.0.113.{hash(self.address) % 250}, 198.51.100.7",
        }
        connection.request(method, self.path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        return answer, page

    def open(self):
        answer, page = self._ask("GET")
        found = _TOKEN.search(page)
        assert found, answer.status
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = found[1].decode()

    def guess(self, code):
        fields = {
            "csrf_token": self.token, "way": "screen", "name": NAME, "number": NUMBER, "code": code,
            "consent": "y",
        }  # fmt: skip
        return self._ask("POST", fields)[0].status


def guess_at_once(url, made, wrong, *, guesses, addresses):
    """Let browsers at many addresses guess in the same moment; return what each was told."""
    guessers = [
        Guesser(
            url, f"/p/{made.round_id}", f"127.0.{at % addresses // 250}.{at % addresses % 250 + 1}"
        )
        for at in range(guesses)
    ]
    guessers[0].open()
    for one in guessers[1:]:
        one.cookie, one.token = guessers[0].cookie, guessers[0].token
    start = threading.Barrier(guesses)

    def run(one):
        start.wait()
        return one.guess(wrong)

    with ThreadPoolExecutor(guesses) as pool:
        return Counter(pool.map(run, guessers)), guessers[0]


def wrong_code(keys, made):
    """Return digits that are on the screen neither now nor in the next minutes."""
    now = clock.now()
    shown = {code_now(keys, made, now + timedelta(minutes=at)) for at in range(-2, 10)}
    return next(code for at in range(20) if (code := f"{at:06}") not in shown)


def counted(database):
    with database.reading() as session:
        return session.execute(select(IdentityTry.fails, IdentityTry.asked)).one()


def attack(database, keys, made, server, *, guesses, addresses):
    told, guesser = guess_at_once(
        server.url, made, wrong_code(keys, made), guesses=guesses, addresses=addresses
    )
    assert told == {422: guesses}
    return guesser.guess(code_now(keys, made, clock.now()))


@pytest.mark.parametrize(
    "any_database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)]
)
def test_five_tries_are_five_whatever_the_workers_and_addresses(database, environ, keys, made):
    with serving(environ, workers=4) as server:
        last = attack(database, keys, made, server, guesses=24, addresses=8)
    assert last == 422
    assert counted(database) == (5, 25)


@pytest.mark.soak
def test_five_tries_are_five_from_two_hundred_addresses(
    database, environ, keys, made, scaled, record_property
):
    rounds = scaled(10)
    with serving(environ, workers=4) as server:
        for _ in range(rounds):
            last = attack(database, keys, made, server, guesses=200, addresses=200)
            assert last == 422
    assert counted(database) == (5, rounds * 201)
    record_property("guesses", rounds * 200)
    record_property("tries allowed", 5)


@pytest.mark.soak
@pytest.mark.parametrize("any_database", ["sqlite"])
def test_more_tries_are_seen_when_the_count_is_read_before_it_is_written(
    database, environ, keys, made
):
    with serving(environ, workers=4, app="tests.concurrency.uncounted:app") as server:
        last = attack(database, keys, made, server, guesses=24, addresses=8)
    assert last == 303
    assert counted(database).fails < 5


# --- casting ----------------------------------------------------------------------------------------


@pytest.fixture
def claimed(database, keys, any_database):
    made = poster_round(database, keys)
    with database.transaction() as session:
        claim_by_screen(
            session, now=NOW, keys=keys, round_id=made.round_id, person=PERSON,
            code=code_now(keys, made), secret=SECRET,
        )  # fmt: skip
    return made


def cast_at_once(database, made):
    with database.reading() as session:
        paper = load_paper(session, made.round_id)
    nonces = iter(range(CASTS))
    lock = threading.Lock()

    def act(session):
        with lock:
            nonce = bytes([next(nonces)]) * 16
        cast_by_claim(
            session, now=NOW, paper=paper, claim_hash=claim_hash(SECRET), nonce=nonce, choices=(1,)
        )
        return "cast"

    return at_once(database, act, CASTS)


def ballots(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry))


def test_a_claim_that_is_cast_from_twenty_browsers_at_once_is_one_ballot(database, claimed):
    assert cast_at_once(database, claimed) == {"cast": 1, "ClaimGone": CASTS - 1}
    assert ballots(database) == 1


def test_the_roll_alone_lets_one_ballot_through(database, claimed, monkeypatch):
    monkeypatch.setattr(service, "use_claim", lambda *_: claimed.elector_id)
    assert cast_at_once(database, claimed) == {"cast": 1, "RightAlreadyUsed": CASTS - 1}
    assert ballots(database) == 1


def test_the_race_is_seen_when_both_guards_are_removed(database, claimed, monkeypatch):
    def looked_at(session, round_id, found, _now):
        claim = session.get(PosterClaim, (round_id, found))
        return claim and claim.elector_id

    monkeypatch.setattr(service, "use_claim", looked_at)
    monkeypatch.setattr(service, "mark_participation", lambda *_, **__: None)
    cast_at_once(database, claimed)
    assert ballots(database) > 1
