"""The same right from two sides at the same moment; each test has a twin without the guard."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, literal, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, MadeCard, make_cards, make_open_round
from tests.factories.cards import make_tested_address
from tests.factories.paper import make_paper
from tests.paper.conftest import make_resident
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.service import cast, load_paper
from voting.cards.models import BallotCard
from voting.cards.service import check_code_hmac
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle
from voting.paper.service import (
    charge_bundles,
    charging,
    exchange,
    exchanging,
    finishing,
    hand_paper,
    handing,
    void_batch,
)
from voting.persistence.session import Database
from voting.roll.models import Channel, Participation
from voting.roll.service import hand_out
from voting.rounds.service import get_round

pytestmark = pytest.mark.usefixtures("any_database")

PAIRS, SIDES = 4, 10
Act = Callable[[Session], str]


def at_once(database: Database, *acts: Act) -> list[str]:
    start = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Refusal as refusal:
            return type(refusal).__name__
        except IntegrityError:
            return "IntegrityError"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def stage(database: Database, keys: Keyring, papers: int = 60) -> tuple[str, str]:
    """Make a round with a worker who holds papers; return both ids."""
    with database.transaction() as session:
        make_tested_address(session)
        round = make_open_round(session, keys)
        worker = make_officer(session, area=round.area, role="community_worker")
        make_paper(session, round, papers, holder=worker)
        return round.id, worker.id


def bearer(database: Database, keys: Keyring, round_id: str) -> tuple[str, MadeCard]:
    with database.transaction() as session:
        person = make_resident(session, keys, get_round(session, round_id))
        hand_out(session, now=NOW, round_id=round_id, elector_id=person)
        (card,) = make_cards(session, keys, round_id)
        return person, card


def casting(keys: Keyring, round_id: str, card: MadeCard) -> Act:
    def act(session: Session) -> str:
        code = check_code_hmac(keys.card_key(), card.cred_hash, card.check_code)
        cast(
            session, now=NOW, paper=load_paper(session, round_id), cred_hash=card.cred_hash,
            nonce=secrets.token_bytes(16), choices=[1], check_hmac=code,
        )  # fmt: skip
        return "cast"

    return act


def swapping(keys: Keyring, round_id: str, holder: str, person: str, card: MadeCard) -> Act:
    def act(session: Session) -> str:
        exchange(
            session, now=NOW, actor=COMMAND_LINE, keys=keys, round_id=round_id, elector_id=person,
            given=card.short_code, after=Channel.PAPER_HANDED, holder_id=holder,
        )  # fmt: skip
        return "exchanged"

    return act


def rights(database: Database, round_id: str) -> tuple[int, int]:
    """Return how many ballots lie in the urn, and how many papers were handed out."""
    with database.reading() as session:
        ballots = session.scalar(select(func.count()).select_from(UrnEntry)) or 0
        return ballots, session.scalar(select(func.sum(PaperBundle.handed))) or 0


def test_of_casting_with_a_card_and_exchanging_it_one_happens(
    database: Database, keys: Keyring
) -> None:
    round_id, worker = stage(database, keys)
    for _ in range(PAIRS):
        person, card = bearer(database, keys, round_id)
        acts = [casting(keys, round_id, card)] * SIDES
        acts += [swapping(keys, round_id, worker, person, card)] * SIDES
        seen = Counter(at_once(database, *acts))
        assert seen["cast"] + seen["exchanged"] == 1, seen
    assert sum(rights(database, round_id)) == PAIRS
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participation)) == PAIRS


def test_without_the_guard_a_card_gives_two_rights(
    database: Database, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heedless(session: Session, round_id: str, cred_hash: bytes) -> bool:
        mine = (BallotCard.round_id == round_id, BallotCard.cred_hash == cred_hash)
        session.execute(update(BallotCard).where(*mine).values(state="void"))
        return True

    monkeypatch.setattr(exchanging, "_void_card", heedless)
    round_id, worker = stage(database, keys)
    with database.transaction() as session:
        on = " ON ballot_card" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER ballot_card_one_way{on}"))
    person, card = bearer(database, keys, round_id)
    at_once(database, casting(keys, round_id, card))
    at_once(database, swapping(keys, round_id, worker, person, card))
    assert sum(rights(database, round_id)) == 2


def handing_to(keys: Keyring, round_id: str, worker: str, person: str) -> Act:
    def act(session: Session) -> str:
        hand_paper(
            session, now=NOW, keys=keys, round_id=round_id, elector_id=person, holder_id=worker
        )
        return "handed"

    return act


def people_of(database: Database, keys: Keyring, round_id: str, count: int) -> list[str]:
    with database.transaction() as session:
        round = get_round(session, round_id)
        return [make_resident(session, keys, round) for _ in range(count)]


def hand_to_many(database: Database, keys: Keyring) -> tuple[Counter[str], int]:
    """Let a worker with six papers, one of them spoiled, hand out to twenty people at once."""
    round_id, worker = stage(database, keys, papers=6)
    with database.transaction() as session:
        serial = session.scalars(select(PaperBallot.serial).limit(1)).one()
        one = update(PaperBallot).where(PaperBallot.serial == serial)
        session.execute(one.values(state="spoiled", reason="damaged"))
    people = people_of(database, keys, round_id, 20)
    seen = at_once(database, *(handing_to(keys, round_id, worker, one) for one in people))
    return Counter(seen), rights(database, round_id)[1]


def test_of_many_hand_outs_at_once_none_is_of_a_paper_that_is_not_there(
    database: Database, keys: Keyring
) -> None:
    assert hand_to_many(database, keys) == ({"handed": 5, "NoPaperLeft": 15}, 5)


def test_without_the_condition_a_paper_too_many_is_handed_out(
    database: Database, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "spoiled_in_bundle", lambda: literal(-1000))
    seen, handed = hand_to_many(database, keys)
    assert seen["handed"] == handed == 6


def void_beside_hand_outs(database: Database, keys: Keyring) -> tuple[Counter[str], int, str]:
    """Void a batch while ten people get papers of it; return what happened, how many went, the state."""
    round_id, worker = stage(database, keys, papers=20)
    people = people_of(database, keys, round_id, 10)
    with database.reading() as session:
        batch_id = session.scalars(select(PaperBatch.id)).one()

    def void(session: Session) -> str:
        void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=batch_id, reason="印错")
        return "void"

    hands = [handing_to(keys, round_id, worker, one) for one in people]
    seen = at_once(database, *hands[:5], void, *hands[5:])
    with database.reading() as session:
        state = session.get_one(PaperBatch, batch_id).state
    return Counter(seen), rights(database, round_id)[1], state


def test_a_batch_is_void_or_handed_out_and_never_both(database: Database, keys: Keyring) -> None:
    seen, handed, state = void_beside_hand_outs(database, keys)
    assert (handed > 0) == (state == "printed")
    assert seen["handed"] == handed
    assert seen["void"] + seen["PapersHandedOut"] == 1


def test_without_the_condition_only_the_check_of_the_table_is_left(
    database: Database, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finishing, "_is_whole", true)
    seen, handed, state = void_beside_hand_outs(database, keys)
    assert seen["PapersHandedOut"] == 0
    assert seen["void"] + seen["IntegrityError"] == 1
    assert (handed > 0) == (state == "printed")


def charge_one_bundle(database: Database, keys: Keyring) -> Counter[str]:
    """Let twenty officers be charged with the same bundle at once."""
    with database.transaction() as session:
        make_tested_address(session)
        round = make_open_round(session, keys)
        batch_id = make_paper(session, round, 20).id
        workers = [
            make_officer(session, area=round.area, role="community_worker").id for _ in range(20)
        ]

    def charging_to(worker: str) -> Act:
        def act(session: Session) -> str:
            charge_bundles(
                session, now=NOW, actor=COMMAND_LINE, batch_id=batch_id, numbers=[1],
                officer_id=worker,
            )  # fmt: skip
            return "charged"

        return act

    return Counter(at_once(database, *map(charging_to, workers)))


def test_of_many_who_want_a_bundle_one_gets_it(database: Database, keys: Keyring) -> None:
    assert charge_one_bundle(database, keys) == {"charged": 1, "BundleTaken": 19}


def test_without_the_condition_a_bundle_goes_to_many(
    database: Database, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charging, "_is_free", lambda _batch: true())
    assert charge_one_bundle(database, keys)["charged"] > 1


def test_of_many_taps_on_one_person_one_hands_out(database: Database, keys: Keyring) -> None:
    round_id, worker = stage(database, keys)
    (person,) = people_of(database, keys, round_id, 1)
    seen = Counter(at_once(database, *[handing_to(keys, round_id, worker, person)] * 20))
    assert seen == {"handed": 1, "RightAlreadyUsed": 19}
    assert rights(database, round_id) == (0, 1)
