"""What a round must be after any sequence of acts, kept in memory by the simplest means."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tests.stateful.known import OK, KnownCard
from tests.stateful.paper_oracle import PaperOracle, day_of
from voting.rounds.rules import Phase, phase_at

MOST_FAILS = 5


@dataclass(kw_only=True)
class Oracle(PaperOracle):
    """One round."""

    opens_at: datetime
    closes_at: datetime
    candidates: int
    people: list[str]
    stored: Phase = Phase.VOTING
    cards: list[KnownCard] = field(default_factory=list)
    batches: dict[str, str] = field(default_factory=dict)
    counted: bool = False

    @property
    def phase(self) -> Phase:
        return phase_at(self.stored, self.opens_at, self.closes_at, self.now)

    def cast(
        self, card: KnownCard, nonce: bytes, choices: tuple[int, ...], *, is_right_code: bool
    ) -> str:
        """Say what a submission must come to, and let it come."""
        if nonce in self.urn:
            return OK
        refusal = self._refusal(card, choices)
        if refusal:
            return refusal
        if not is_right_code:
            card.fails += 1
            return "WrongCheckCode" if card.fails < MOST_FAILS else "_LockedJustNow"
        if card.owner is not None and card.owner in self.used:
            return "RightAlreadyUsed"
        if card.owner is not None:
            self.used[card.owner] = ("card_cast", self.now)
        card.state = "spent"
        self.urn[nonce] = tuple(sorted(set(choices)))
        return OK

    def _refusal(self, card: KnownCard, choices: tuple[int, ...]) -> str | None:
        if not self.is_open:
            return "VotingPaused" if self.phase is Phase.PAUSED else "VotingClosed"
        if self.gone & set(choices) or max(choices, default=1) > self.candidates:
            return "WithdrawnChoice" if self.gone & set(choices) else "UnknownChoice"
        if len(set(choices)) > self.most:
            return "TooManyChosen"
        if not choices:
            return "NothingChosen"
        if card.state != "printed":
            return {"spent": "CardAlreadyUsed", "void": "CardVoid"}[card.state]
        return "CardLocked" if card.fails >= MOST_FAILS else None

    def hand_out(self, person: str) -> str:
        if not self.is_open:
            return "NotHandingOut"
        if person in self.used:
            return "RightAlreadyUsed"
        self.used[person] = ("card_handed", self.now)
        return OK

    def undo_hand_out(self, person: str) -> str:
        if not self.is_open:
            return "NotHandingOut"
        channel, at = self.used.get(person, ("", self.now))
        if channel != "card_handed" or day_of(at) != day_of(self.now):
            return "NothingToUndo"
        del self.used[person]
        return OK

    def may_issue(self) -> str:
        if self.phase is Phase.PAUSED:
            return "RoundPaused"
        return OK if self.is_open else "VotingOver"

    def is_fit(self, person: str, *, but: KnownCard | None = None) -> bool:
        live = (card for card in self.cards if card is not but and card.state == "printed")
        return person not in self.used and all(card.owner != person for card in live)

    def assign(self, people: list[str]) -> str:
        refusal = self.may_issue()
        if refusal == OK and not all(map(self.is_fit, people)):
            return "ElectorsUnfit"
        return refusal

    def void(self, card: KnownCard) -> str:
        if card.state != "printed":
            return {"spent": "CardSpent", "void": "CardVoidAlready"}[card.state]
        card.state = "void"
        return OK

    def replace(self, card: KnownCard) -> str:
        refusal = self.may_issue()
        if refusal != OK:
            return refusal
        if card.state == "printed" and card.owner and not self.is_fit(card.owner, but=card):
            return "NothingToReprint"
        return self.void(card)

    def void_batch(self, batch: str) -> str:
        if self.batches[batch] == "void":
            return "BatchSettled"
        self.batches[batch] = "void"
        for card in self.cards:
            if card.batch == batch and card.state == "printed":
                card.state = "void"
        return OK

    def withdraw(self, number: int) -> str:
        stands = Phase.VOTING if self.phase is Phase.PAUSED else self.phase
        if stands is not Phase.VOTING:
            return "NotWhileStanding"
        if number in self.gone:
            return "WithdrawnAlready"
        if self.candidates - len(self.gone) == 1:
            return "TooFewLeft"
        self.gone.add(number)
        return OK

    def said(self) -> Counter[tuple[int, ...]]:
        """Return what the ballots of the urn say that count, and how many say it."""
        return Counter(said for key, said in self.urn.items() if key not in self.taken_back)

    def count(self) -> str:
        if self.papers and not self.signed:
            return "PaperNotReconciled"
        self.stored, self.counted = Phase.COUNTING, True
        return OK
