"""What papers, exchanges and assisted votes must come to, in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.stateful.known import OK, KnownCard, KnownPaper
from voting.rounds.rules import Phase


@dataclass(kw_only=True)
class PaperOracle:
    """The part of a round that is on paper; the rest of it says who used a right and what lies in the urn."""

    now: datetime
    most: int
    used: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    urn: dict[bytes | str, tuple[int, ...]] = field(default_factory=dict)
    papers: list[KnownPaper] = field(default_factory=list)
    # how many of a batch were handed out; a batch is one bundle here, in the order in which they were made
    handed: dict[str, int] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    taken_back: set[str] = field(default_factory=set)
    signed: bool = False
    gone: set[int] = field(default_factory=set)

    @property
    def phase(self) -> Phase:
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.VOTING

    @property
    def is_keying(self) -> bool:
        return self.phase is Phase.COUNTING and bool(self.papers) and not self.signed

    def print_papers(self, batch: str, serials: list[str]) -> None:
        self.papers += [KnownPaper(serial, batch) for serial in serials]
        self.handed[batch] = 0

    def mark_papers(self) -> None:
        self.marked |= set(self.handed)

    def of_batch(self, batch: str) -> list[KnownPaper]:
        return [paper for paper in self.papers if paper.batch == batch]

    def outstanding(self, batch: str) -> int:
        """How many of a batch were handed out and have not come back in any way."""
        back = sum(paper.state != "printed" for paper in self.of_batch(batch))
        return self.handed[batch] - back

    def in_box(self) -> list[KnownPaper]:
        """The papers that may come out of a box: those taken back, and as many as are outstanding."""
        return [
            one for one in self.papers
            if one.state == "returned" or (one.state == "printed" and self.outstanding(one.batch) > 0)
        ]  # fmt: skip

    def entered(self) -> list[KnownPaper]:
        return [one for one in self.papers if one.state == "entered"]

    def _bundle(self) -> str | None:
        full = {batch for batch in self.handed if self.handed[batch] == len(self.of_batch(batch))}
        open_ones = (one for one in self.handed if one in self.marked and one not in full)
        return next(open_ones, None)

    def hand_paper(self, person: str) -> str:
        if not self.is_open:
            return "NotHandingOut"
        if person in self.used:
            return "RightAlreadyUsed"
        bundle = self._bundle()
        if bundle is None:
            return "NoPaperLeft"
        self.used[person] = ("paper_handed", self.now)
        self.handed[bundle] += 1
        return OK

    def undo_paper(self, person: str) -> str:
        if not self.is_open:
            return "NotHandingOut"
        channel, at = self.used.get(person, ("", self.now))
        if channel != "paper_handed" or day_of(at) != day_of(self.now):
            return "NoPaperToUndo"
        batch = next(one for one in reversed(self.handed) if self.handed[one])
        self.handed[batch] -= 1
        del self.used[person]
        return OK

    def exchange(self, person: str, given: KnownCard | KnownPaper, after: str) -> str:
        if not self.is_open:
            return "NotHandingOut"
        owner = given.owner if isinstance(given, KnownCard) and given.state != "spent" else None
        refusal = self._unfit(person, given, owner)
        if refusal:
            return refusal
        if owner is not None and person in self.used:
            return "RightAlreadyUsed"
        bundle = self._bundle()
        if after == "paper_handed" and bundle is None:
            return "NoPaperLeft"
        if after == "paper_handed" and bundle is not None:
            self.handed[bundle] += 1
        at = self.now if owner is not None else self.used[person][1]
        self.used[person] = (after, at)
        if isinstance(given, KnownPaper):
            given.state, given.exchanged = "spoiled", True
        else:
            given.state = "void"
        return OK

    def _unfit(self, person: str, given: KnownCard | KnownPaper, owner: str | None) -> str | None:
        if owner is not None:
            if owner != person:
                return "GivenOfAnother"
        else:
            stands = "paper_handed" if isinstance(given, KnownPaper) else "card_handed"
            if self.used.get(person, ("",))[0] != stands:
                return "GivenOfAnother"
        if isinstance(given, KnownPaper):
            back = sum(paper.exchanged for paper in self.of_batch(given.batch))
            if back >= self.handed[given.batch]:
                return "GivenUsed"
        return None if given.state == "printed" else "GivenUsed"

    def help(self, person: str, nonce: bytes, choices: tuple[int, ...]) -> str:
        if not self.is_open:
            return "VotingPaused" if self.phase is Phase.PAUSED else "VotingClosed"
        if person in self.used:
            held = self.used[person][0] in {"card_handed", "paper_handed"}
            return "HoldsUnused" if held else "RightAlreadyUsed"
        if self.gone & set(choices):
            return "WithdrawnChoice"
        self.used[person] = ("assisted", self.now)
        self.urn[nonce] = choices
        return OK

    def key(self, paper: KnownPaper, choices: tuple[int, ...]) -> str:
        """Let two officers key a paper alike; say what becomes of it."""
        standing = [one for one in choices if one not in self.gone]
        if not choices or len(standing) > self.most:
            paper.state = "invalid"
            return "invalid"
        paper.state = "entered"
        paper.ballot = f"{paper.serial} {len(self.urn)}"
        # What a ballot has no room for are ticks that count for nothing.
        idle = [one for one in choices if one in self.gone][: self.most - len(standing)]
        self.urn[paper.ballot] = tuple(sorted(standing + idle))
        return "entered"

    def take_back(self, paper: KnownPaper) -> None:
        paper.state = "returned"
        self.taken_back.add(paper.ballot)


def day_of(moment: datetime) -> object:
    return (moment + timedelta(hours=8)).date()
