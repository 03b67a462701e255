"""A round of the demo from the announcement of its vote to the count."""

import secrets
from datetime import date, datetime

from sqlalchemy import select

from voting.accounts.models import Officer
from voting.ballots.rules import BallotPaper
from voting.ballots.service import cast, load_paper
from voting.cards.models import CardBatch
from voting.cards.rules import PrintedCard, credential_hash
from voting.cards.service import cards_of, check_code_hmac, confirm_printed, issue_batch
from voting.clock import local_day
from voting.conduct.rules import Given
from voting.demo.rules.votes import choose, weights
from voting.demo.service.preparing import Preparing
from voting.demo.service.scene import Part
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import make_checkpoint
from voting.notices.service import issue, next_number
from voting.results.service import Printed, declare, digest_of, facts_of, publicity_of
from voting.roll.models import Elector
from voting.roll.service import hand_out
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.tally.service import OpeningsStore, announcement_of, approve_opening, count

_NONCE = 16


class Voting:
    """Does what officers and residents do while a vote is on, and after it."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._cards: list[PrintedCard] = []
        self._people: list[str] = []
        self._liked = weights(part.story.works, part.random)
        self._paper: BallotPaper | None = None

    @property
    def _round(self) -> Round:
        return self._part.round

    def issue_paper(self, now: datetime, again: Round | None = None) -> None:
        """Issue the paper that calls to the vote, or to one that is held again."""
        part, round = self._part, again or self._round
        session = part.scene.session
        number = next_number(session, now=now)
        sheet = part.scene.papers.vote(
            announcement_of(session, now=now, round_id=round.id),
            number=number,
            url=f"{part.scene.address}/rounds/{round.id}",
            head=self.seal(now, round),
            at_once=part.story.prints,
        )
        issue(
            session,
            now=now,
            actor=part.street.actor,
            kind=sheet.kind,
            title=sheet.title,
            area_id=round.area_id,
            round_id=round.id,
            facts=sheet.facts,
            pdf_digest=sheet.digest,
            number=number,
        )

    def seal(self, now: datetime, again: Round | None = None) -> str:
        """Sign the ledger of the round, as the periodic work does, and return the head as papers print it."""
        scene, round = self._part.scene, again or self._round
        head = make_checkpoint(scene.session, now=now, keys=scene.keys, round_id=round.id)
        return head_digits(head.root)

    def print_cards(self, now: datetime) -> None:
        """Make the cards that are handed out, and those that still wait for a printer."""
        story = self._part.story
        if story.cards:
            batch = self._issue(story.cards, now)
            self._cards = [card for _serial, card in cards_of(batch, self._part.scene.keys)]
            self._part.scene.settled.append(batch.id)
            self.seal(now)
            confirm_printed(
                self._part.scene.session,
                now=now,
                actor=self._part.worker.actor,
                batch_id=batch.id,
                # Their sheets lie in residents' hands, as far as the story goes.
                sheets_made=True,
            )
        if story.unprinted:
            self._issue(story.unprinted, now)

    def _issue(self, number: int, now: datetime) -> CardBatch:
        part = self._part
        return issue_batch(
            part.scene.session,
            now=now,
            actor=part.worker.actor,
            keys=part.scene.keys,
            round_id=self._round.id,
            count=number,
            config=part.scene.config,
        )

    def hand_out(self, number: int, now: datetime) -> None:
        """Mark on the roll that so many more people were given a card."""
        session = self._part.scene.session
        if not self._people:
            listed = select(Elector.elector_id).where(Elector.round_id == self._round.id)
            self._people = list(session.scalars(listed))
            self._part.random.shuffle(self._people)
        for _ in range(number):
            elector_id = self._people.pop()
            hand_out(session, now=now, round_id=self._round.id, elector_id=elector_id)

    def cast(self, number: int, now: datetime) -> None:
        """Cast so many more ballots, each with a card of its own."""
        part = self._part
        session, card_key = part.scene.session, part.scene.keys.card_key()
        self._paper = self._paper or load_paper(session, self._round.id)
        for _ in range(number):
            card = self._cards.pop()
            cred_hash = credential_hash(card.token)
            cast(
                session,
                now=now,
                paper=self._paper,
                cred_hash=cred_hash,
                nonce=secrets.token_bytes(_NONCE),
                choices=choose(self._liked, self._paper.max_choices, part.random),
                check_hmac=check_code_hmac(card_key, cred_hash, card.check_code),
            )

    def approve(self, officer: Officer, now: datetime) -> None:
        """Let one of two officers agree to open the urn."""
        session = self._part.scene.session
        approve_opening(session, now=now, officer_id=officer.id, round_id=self._round.id)

    def count(self, now: datetime) -> None:
        """Open the urn and count."""
        scene = self._part.scene
        kept = OpeningsStore(scene.config.var / "openings", scene.keys)
        count(scene.session, now=now, keys=scene.keys, round_id=self._round.id, openings=kept)

    def declare(self, now: datetime) -> None:
        """Declare the result and issue its notice."""
        part, session = self._part, self._part.scene.session
        facts = facts_of(session, self._round.id)
        number, posted = next_number(session, now=now), local_day(now)
        publicity = publicity_of(session, facts, posted=posted)
        sheet = part.scene.papers.result(
            facts,
            publicity=publicity,
            issued_on=posted,
            number=number,
            url=f"{part.scene.address}/rounds/{self._round.id}/result",
            head=self.seal(now),
            at_once=part.story.prints,
        )
        printed = Printed(
            number=number,
            title=sheet.title,
            facts=sheet.facts,
            pdf_digest=sheet.digest,
            result_digest=digest_of(facts),
            publicity=publicity,
        )
        declare(session, now=now, actor=part.street.actor, round_id=self._round.id, printed=printed)

    def post(self, preparing: Preparing, day: date, now: datetime) -> None:
        """Post the notice, and let its days of publicity begin."""
        photograph = self._part.scene.papers.picture("公示栏")
        given = Given(day=day, file_digest=photograph, file_name="张贴照片.jpg")
        preparing.advance(Phase.PUBLICITY, self._part.street, now, given=given)
