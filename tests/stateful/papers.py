"""What happens on paper, at the desk and with two officers at one's side."""

import secrets
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories.paper import make_paper, serials_of
from tests.stateful.known import OK, KnownCard, KnownPaper
from tests.stateful.oracle import Oracle
from voting.adapters.keyring import Keyring
from voting.ballots.rules import BallotPaper
from voting.journal.rules import Actor
from voting.paper.models import PaperBatch, PaperBundle
from voting.paper.service.assisted_casting import cast_assisted
from voting.paper.service.assisting import confirm_presence, start_assisting
from voting.paper.service.correcting import ask_correction, confirm_correction
from voting.paper.service.exchanging import exchange
from voting.paper.service.handing import hand_paper, undo_paper
from voting.paper.service.keying import key_paper
from voting.paper.service.reconciling import sign_first, sign_second, standing_sheet
from voting.paper.service.settling import count_bundle, receive_bundle
from voting.roll.models import Channel
from voting.rounds.models import Round

picks = st.integers(0, 60)
mediums = st.sampled_from((Channel.CARD_HANDED, Channel.PAPER_HANDED))
has_papers = precondition(lambda machine: machine.oracle.papers)
before_count = precondition(lambda machine: not machine.oracle.counted)
is_keying = precondition(lambda machine: machine.oracle.is_keying)


class PaperActs:
    """The rules of a round's machine that speak of paper."""

    id: str
    keys: Keyring
    paper: BallotPaper
    oracle: Oracle
    officers: list[Actor]
    act: Callable[[str, Callable[[Session], Any]], Any]
    person: Callable[[int], str]
    checkpoint: Callable[[], None]

    def one(self, pick: int) -> KnownPaper:
        return self.oracle.papers[pick % len(self.oracle.papers)]

    @property
    def first(self) -> dict[str, Any]:
        return {"now": self.oracle.now, "actor": self.officers[0], "round_id": self.id}

    @property
    def second(self) -> dict[str, Any]:
        return self.first | {"actor": self.officers[1]}

    @precondition(lambda machine: machine.oracle.is_open)
    @rule(number=st.integers(1, 3), marked=st.sampled_from((True, True, False)))
    def print_papers(self, number: int, marked: bool) -> None:
        made: list[tuple[str, list[str]]] = []

        def do(session: Session) -> None:
            round = session.get_one(Round, self.id)
            batch = make_paper(session, round, number, now=self.oracle.now)
            mine = update(PaperBundle).where(PaperBundle.batch_id == batch.id)
            session.execute(mine.values(holder_id=self.officers[0].id))
            # It waits for the ledger, as it does when the real order is given.
            session.get_one(PaperBatch, batch.id).ledger_idx = None
            made.append((batch.id, serials_of(session, batch)))

        self.act(OK, do)
        self.oracle.print_papers(*made[0])
        if marked:
            self.checkpoint()

    @before_count
    @rule(pick=picks)
    def hand_paper(self, pick: int) -> None:
        person, now = self.person(pick), self.oracle.now
        self.act(
            self.oracle.hand_paper(person),
            lambda s: hand_paper(
                s, now=now, keys=self.keys, round_id=self.id, elector_id=person,
                holder_id=self.officers[0].id,
            ),
        )  # fmt: skip

    @before_count
    @rule(pick=picks)
    def take_paper_back(self, pick: int) -> None:
        person, by = self.person(pick), self.first
        self.act(
            self.oracle.undo_paper(person),
            lambda s: undo_paper(
                s, **by, elector_id=person, holder_id=self.officers[0].id, reason="mistake"
            ),
        )

    def swap(self, pick: int, given: KnownCard | KnownPaper, after: Channel) -> None:
        person, by = self.person(pick), self.first
        text = given.serial if isinstance(given, KnownPaper) else given.made.short_code
        self.act(
            self.oracle.exchange(person, given, after.value),
            lambda s: exchange(
                s, **by, keys=self.keys, elector_id=person, given=text, after=after,
                holder_id=self.officers[0].id,
            ),
        )  # fmt: skip

    @precondition(lambda machine: machine.oracle.cards)
    @rule(pick=picks, which=picks, after=mediums)
    def exchange_card(self, pick: int, which: int, after: Channel) -> None:
        self.swap(pick, self.oracle.cards[which % len(self.oracle.cards)], after)

    @has_papers
    @rule(pick=picks, which=picks, after=mediums)
    def exchange_paper(self, pick: int, which: int, after: Channel) -> None:
        self.swap(pick, self.one(which), after)

    @before_count
    @rule(pick=picks, ticked=st.integers(1, 6))
    def help(self, pick: int, ticked: int) -> None:
        person, nonce = self.person(pick), secrets.token_bytes(16)

        def do(session: Session) -> None:
            start_assisting(session, **self.first, elector_id=person, place="desk")
            confirm_presence(session, **self.second, elector_id=person)
            cast_assisted(
                session, now=self.oracle.now, actor=self.officers[0], paper=self.paper,
                elector_id=person, nonce=nonce, choices=(ticked,),
            )  # fmt: skip

        self.act(self.oracle.help(person, nonce, (ticked,)), do)

    # After voting has ended.

    @precondition(lambda machine: machine.oracle.is_keying and machine.oracle.in_box())
    @rule(pick=picks, ticked=st.sets(st.integers(1, 6), max_size=4))
    def key_paper(self, pick: int, ticked: set[int]) -> None:
        lying = self.oracle.in_box()
        paper, choices = lying[pick % len(lying)], tuple(sorted(ticked))
        said: dict[str, Any] = {
            "keys": self.keys, "serial": paper.serial, "ticks": " ".join(map(str, choices)),
            "blank": not choices,
        }  # fmt: skip

        def do(session: Session) -> str:
            key_paper(session, **self.first, **said)
            return key_paper(session, **self.second, **said).after.value

        came = self.act(OK, do)
        assert came == self.oracle.key(paper, choices)

    @precondition(lambda machine: machine.oracle.is_keying and machine.oracle.entered())
    @rule(pick=picks)
    def take_ballot_back(self, pick: int) -> None:
        entered = self.oracle.entered()
        paper = entered[pick % len(entered)]

        def do(session: Session) -> None:
            void = ask_correction(session, **self.first, serial=paper.serial, reason="录串了行")
            confirm_correction(session, **self.second, void_id=void.id)

        self.act(OK, do)
        self.oracle.take_back(paper)

    @is_keying
    @rule()
    def reconcile(self) -> None:
        wanted = (
            OK if all(one.state != "returned" for one in self.oracle.papers) else "SheetNotReady"
        )

        def do(session: Session) -> None:
            round = session.get_one(Round, self.id)
            for batch, handed in self.oracle.handed.items():
                left = len(self.oracle.of_batch(batch)) - handed
                about: dict[str, Any] = {
                    "now": self.oracle.now,
                    "round": round,
                    "batch_id": batch,
                    "number": 1,
                }
                count_bundle(session, **about, actor=self.officers[0], unused=left)
                receive_bundle(session, **about, actor=self.officers[1], unused=left)
            seen = standing_sheet(session, self.id).digest
            # Cards here are voted with and handed to nobody: the sheet asks why.
            sign_first(session, **self.first, seen=seen, explanation="卡没有登记领取")
            sign_second(session, **self.second, seen=seen)

        self.act(wanted, do)
        self.oracle.signed = wanted == OK
