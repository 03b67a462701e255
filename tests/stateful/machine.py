"""R11: any sequence of acts on a round, beside an oracle in memory; after each, what must hold is asked."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, MadeCard, make_listed_elector, make_open_round
from tests.factories.casting import cast_card
from tests.factories.tally import open_by_two
from tests.stateful import invariants
from tests.stateful.known import OK, KnownCard
from tests.stateful.oracle import Oracle
from tests.stateful.papers import PaperActs
from tests.stateful.withdrawing import ListActs
from voting.adapters.keyring import Keyring
from voting.ballots.rules import receipt_code, slot_of
from voting.ballots.service import load_paper
from voting.cards.models import CardBatch
from voting.cards.service import (
    cards_of,
    find_by_serial,
    issue_batch,
    replace_card,
    void_batch,
    void_card,
)
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.ledger.service import make_checkpoint
from voting.persistence.session import Database
from voting.roll.service import hand_out, undo_hand_out
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round, note_step, settle
from voting.tally.service import count

PEOPLE = 5
CANDIDATES = 6
MOST = 3

picks = st.integers(0, 60)
choices = st.lists(st.integers(1, CANDIDATES + 1), max_size=MOST + 1).map(tuple)
has_cards = precondition(lambda machine: machine.oracle.cards)
before_count = precondition(lambda machine: not machine.oracle.counted)


class RoundMachine(PaperActs, ListActs, RuleBasedStateMachine):
    """One round from its first card to its count."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        super().__init__()
        self.database, self.keys = database, keys
        closes = NOW + timedelta(days=2)
        with database.transaction() as session:
            round = make_open_round(
                session, keys, candidates=CANDIDATES, most=MOST, closes_at=closes
            )
            people = [make_listed_elector(session, round.id) for _ in range(PEOPLE)]
            self.paper = load_paper(session, round.id)
            self.digest = invariants.frozen_digest(session, round.id)
            self.officers = [make_officer(session, area=round.area).actor for _ in range(2)]
        self.id = round.id
        self.oracle = Oracle(
            opens_at=round.opens_at, closes_at=closes, now=NOW, candidates=CANDIDATES, most=MOST,
            people=people,
        )  # fmt: skip
        self.nonces: dict[tuple[int, int], bytes] = {}
        self.size = 0
        self.print_papers(3, marked=True)
        for pick in range(2):
            self.hand_paper(pick)

    def act(self, wanted: str, do: Callable[[Session], Any]) -> Any:
        """Do something in a transaction of its own; it must end as the oracle says."""
        done = None
        try:
            with self.database.transaction() as session:
                done = do(session)
            came = OK
        except Refusal as refusal:
            came = type(refusal).__name__
        assert came == wanted, f"came {came}, wanted {wanted}"
        return done

    def card(self, pick: int) -> KnownCard:
        return self.oracle.cards[pick % len(self.oracle.cards)]

    def person(self, pick: int) -> str:
        return self.oracle.people[pick % PEOPLE]

    def learn(self, batch: CardBatch, owners: list[str | None]) -> None:
        """Remember a new batch; the oracle is told only when it was committed."""
        self.fresh = [
            KnownCard(MadeCard(card.token, card.short_code, card.check_code), batch.id, stub, owner)
            for (stub, card), owner in zip(cards_of(batch, self.keys), owners, strict=True)
        ]

    def know(self, wanted: str) -> None:
        if wanted == OK:
            self.oracle.cards += self.fresh
            self.oracle.batches[self.fresh[0].batch] = "ready"

    # What happens at the desk.

    @before_count
    @rule(number=st.integers(1, 4))
    def issue(self, number: int) -> None:
        def do(session: Session) -> None:
            batch = issue_batch(session, **self.by(), round_id=self.id, count=number)
            self.learn(batch, [None] * number)

        wanted = self.oracle.may_issue()
        self.act(wanted, do)
        self.know(wanted)

    @before_count
    @rule(picked=st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=2))
    def assign(self, picked: set[int]) -> None:
        people = [self.oracle.people[at] for at in sorted(picked)]

        def do(session: Session) -> None:
            batch = issue_batch(
                session, **self.by(), round_id=self.id, count=len(people), mode="assigned",
                elector_ids=people,
            )  # fmt: skip
            self.learn(batch, [*people])

        wanted = self.oracle.assign(people)
        self.act(wanted, do)
        self.know(wanted)

    def by(self) -> dict[str, Any]:
        return {"now": self.oracle.now, "actor": COMMAND_LINE, "keys": self.keys}

    @rule(pick=picks)
    def hand_out(self, pick: int) -> None:
        person, now = self.person(pick), self.oracle.now
        wanted = self.oracle.hand_out(person)
        self.act(wanted, lambda s: hand_out(s, now=now, round_id=self.id, elector_id=person))

    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        person, now = self.person(pick), self.oracle.now
        wanted = self.oracle.undo_hand_out(person)
        act: dict[str, Any] = {"now": now, "actor": COMMAND_LINE, "reason": "mistake"}
        self.act(wanted, lambda s: undo_hand_out(s, round_id=self.id, elector_id=person, **act))

    @has_cards
    @rule(pick=picks)
    def void(self, pick: int) -> None:
        card, now = self.card(pick), self.oracle.now

        def do(session: Session) -> None:
            found = find_by_serial(session, self.id, card.stub)
            void_card(session, now=now, actor=COMMAND_LINE, card=found, reason="遗失")

        self.act(self.oracle.void(card), do)

    @has_cards
    @rule(pick=picks)
    def replace(self, pick: int) -> None:
        card = self.card(pick)

        def do(session: Session) -> None:
            found = find_by_serial(session, self.id, card.stub)
            batch = replace_card(session, **self.by(), card=found, reason="遗失")
            self.learn(batch, [card.owner])

        wanted = self.oracle.replace(card)
        self.act(wanted, do)
        self.know(wanted)

    @has_cards
    @rule(pick=picks)
    def void_batch(self, pick: int) -> None:
        batch, now = self.card(pick).batch, self.oracle.now
        act: dict[str, Any] = {"now": now, "actor": COMMAND_LINE, "reason": "印错"}
        self.act(self.oracle.void_batch(batch), lambda s: void_batch(s, batch_id=batch, **act))

    # What happens on the phones.

    def send(self, pick: int, browser: int, ticked: tuple[int, ...], *, right: bool) -> None:
        at = pick % len(self.oracle.cards)
        card = self.oracle.cards[at]
        nonce = self.nonces.setdefault((at, browser), secrets.token_bytes(16))
        wrong = f"{(int(card.made.check_code) + 1) % 10**6:06d}"
        wanted = self.oracle.cast(card, nonce, ticked, is_right_code=right)
        receipt = self.act(
            wanted,
            lambda s: cast_card(
                s, self.keys, self.paper, card.made, nonce=nonce, choices=ticked,
                now=self.oracle.now, code=card.made.check_code if right else wrong,
            ),
        )  # fmt: skip
        if wanted == OK:
            assert receipt.code == receipt_code(slot_of(nonce))

    @has_cards
    @rule(pick=picks, browser=st.integers(0, 2), ticked=choices)
    def cast(self, pick: int, browser: int, ticked: tuple[int, ...]) -> None:
        self.send(pick, browser, ticked, right=True)

    @has_cards
    @rule(pick=picks, ticked=st.integers(1, CANDIDATES))
    def cast_well(self, pick: int, ticked: int) -> None:
        self.send(pick, 0, (ticked,), right=True)

    @has_cards
    @rule(pick=picks, ticked=choices)
    def guess(self, pick: int, ticked: tuple[int, ...]) -> None:
        self.send(pick, 3, ticked, right=False)

    # What happens to the round.

    @rule()
    def checkpoint(self) -> None:
        made = self.act(
            OK,
            lambda s: make_checkpoint(s, now=self.oracle.now, keys=self.keys, round_id=self.id),
        )
        assert made.size >= self.size
        self.size = made.size
        self.oracle.mark_papers()

    @precondition(lambda machine: machine.oracle.is_open)
    @rule()
    def pause(self) -> None:
        self.step(Phase.PAUSED, "round.pause")

    @precondition(lambda machine: machine.oracle.phase is Phase.PAUSED)
    @rule()
    def resume(self) -> None:
        self.step(Phase.VOTING, "round.resume")

    def step(self, to: Phase, name: str) -> None:
        now = self.oracle.now

        def do(session: Session) -> None:
            settle(session, now=now, round_id=self.id)
            note_step(session, hold_round(session, self.id), to, at=now, by="factory", act=name)

        self.act(OK, do)
        self.oracle.stored = to

    @precondition(lambda machine: machine.oracle.is_open)
    @rule(hours=st.sampled_from((1, 5, 9, 20, 40)))
    def wait(self, hours: int) -> None:
        self.oracle.now += timedelta(hours=hours)

    @precondition(lambda machine: machine.oracle.phase is Phase.COUNTING)
    @before_count
    @rule()
    def open_and_count(self) -> None:
        def do(session: Session) -> None:
            round = session.get_one(Round, self.id)
            open_by_two(session, round, now=self.oracle.now)
            count(session, now=self.oracle.now, keys=self.keys, round_id=self.id)

        wanted = self.oracle.count()
        self.act(wanted, do)

    @rule(statement=st.sampled_from(
        ("UPDATE round SET budget = budget + 1 WHERE id = :id",
         "UPDATE candidate SET cost = 1 WHERE round_id = :id",
         "DELETE FROM candidate WHERE round_id = :id",
         "UPDATE round SET max_choices = 9 WHERE id = :id"),
    ))  # fmt: skip
    def tamper(self, statement: str) -> None:
        try:
            with self.database.transaction() as session:
                session.execute(text(statement), {"id": self.id})
        except DatabaseError:
            return
        raise AssertionError(f"the database let it pass: {statement}")

    @invariant()
    def holds(self) -> None:
        with self.database.reading() as session:
            invariants.one_right_a_person(session, self.id, self.oracle)
            invariants.every_ballot_has_a_right(session, self.id, self.oracle)
            invariants.papers_add_up(session, self.id, self.oracle)
            invariants.cards_add_up(session, self.id, self.oracle)
            invariants.ledger_only_grows(session, self.id)
            invariants.count_is_right(session, self.id, self.oracle)
            invariants.nothing_joins(session, self.id)
            assert invariants.frozen_digest(session, self.id) == self.digest
