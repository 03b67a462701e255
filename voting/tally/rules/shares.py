"""The Method of Equal Shares, one run: every ballot gets the same share and spends it on what it names.

Exact numbers only. Ballots that name the same projects are one group, a bit; groups with equally much left
are one purse, a set of bits. Purses lie in order from the poorest up, so that working out a payment looks
only at those who cannot pay it in full. A project's rho (what its voters pay for one unit of usefulness)
never falls while purses empty: an old rho is a lower bound, and only the head of the queue is worked out
anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd

from voting.tally.rules.counting import Ballot, Candidate, ballot_count
from voting.tally.rules.ties import ByCost, ById, Key


class Utility(StrEnum):
    """What a funded project is worth to a ballot that names it: its cost, or one."""

    COST = "cost"
    ONE = "one"


@dataclass(frozen=True)
class Purchase:
    """One step of a run: a project is paid by the ballots that name it.

    ``payers`` ballots give ``payment`` each, ``short`` ballots gave all they had left, which was less.
    ``tied`` are the projects with the same rho, in the order they were put in, this one first.
    """

    id: str
    rho: Fraction
    payment: Fraction
    payers: int
    short: int
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What one share buys; ``purses`` works out what the voters of each project left out still hold."""

    share: Fraction
    purchases: tuple[Purchase, ...]
    spent: int
    purses: Callable[[], Mapping[str, Fraction]] = field(compare=False, repr=False)

    @property
    def funded(self) -> tuple[str, ...]:
        """The projects bought, in their order."""
        return tuple(purchase.id for purchase in self.purchases)


Rank = tuple[Key, int, Key]


@dataclass(frozen=True)
class _Project:
    """A project that may be bought; ``supporters`` is a set of groups, one bit each."""

    id: str
    cost: int
    worth: int
    rank: Rank
    support: int
    supporters: int


class Electorate:
    """Projects and grouped ballots, prepared once for runs with any share.

    Withdrawn projects and those without votes take no part. ``ballots`` counts all, blank ones too.
    """

    def __init__(
        self,
        candidates: Iterable[Candidate],
        ballots: Mapping[Ballot, int],
        votes: Mapping[str, int],
        utility: Utility,
    ) -> None:
        taking_part = [one for one in candidates if not one.withdrawn and votes[one.id] > 0]
        self.utility = utility
        self.ballots = ballot_count(ballots)
        groups = _groups(ballots, frozenset(one.id for one in taking_part))
        self.planes, self.larger = _planes(list(groups.values()))
        named = dict.fromkeys((one.id for one in taking_part), 0)
        for number, choices in enumerate(groups):
            for choice in choices:
                named[choice] |= 1 << number
        self.everybody = (1 << len(groups)) - 1
        self.projects = [
            _Project(
                id=one.id,
                cost=one.cost,
                worth=one.cost if utility is Utility.COST else 1,
                rank=(ByCost().key(one), -votes[one.id], ById().key(one)),
                support=self.size(named[one.id]),
                supporters=named[one.id],
            )
            for one in taking_part
        ]

    def size(self, groups: int) -> int:
        """Return how many ballots a set of groups holds."""
        number = groups.bit_count()
        larger = groups & self.larger
        if larger:
            for power, plane in self.planes:
                number += (larger & plane).bit_count() << power
        return number

    def run(self, share: Fraction, most: int | None = None) -> Run:
        """Return what ``share`` for every ballot buys; it ends early once more than ``most`` is spent."""
        market = _Market(self, share)
        purchases: list[Purchase] = []
        spent = 0
        while (bought := market.next()) is not None:
            cost, purchase = bought
            purchases.append(purchase)
            spent += cost
            if most is not None and spent > most:
                break
        return Run(share, tuple(purchases), spent, market.left)


def _groups(ballots: Mapping[Ballot, int], known: frozenset[str]) -> dict[frozenset[str], int]:
    groups: dict[frozenset[str], int] = {}
    for ballot, number in ballots.items():
        choices = known.intersection(ballot.choices)
        if choices:
            groups[choices] = groups.get(choices, 0) + number
    # The largest first: their bits are then the low ones, and most sets are counted by their bits alone.
    return dict(sorted(groups.items(), key=lambda group: -group[1]))


def _planes(sizes: list[int]) -> tuple[list[tuple[int, int]], int]:
    """Return for each power of two the set of groups whose size less one has that digit, and their union."""
    planes: dict[int, int] = {}
    larger = 0
    for number, size in enumerate(sizes):
        for power in range((size - 1).bit_length()):
            if (size - 1) >> power & 1:
                planes[power] = planes.get(power, 0) | 1 << number
                larger |= 1 << number
    return sorted(planes.items()), larger


@dataclass(order=True)
class _Offer:
    """A project in the queue by its rho as worked out after ``step`` purchases.

    ``payers`` ballots share ``money`` equally; the other supporters give all they have.
    """

    rho: Fraction
    rank: Rank
    project: _Project = field(compare=False)
    step: int = field(compare=False, default=-1)
    money: int = field(compare=False, default=0)
    payers: int = field(compare=False, default=0)


class _Market:
    """The state of one run: what lies in the purses, in units of 1/``unit``, and who holds them."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self.size = electorate.size
        self.unit = share.denominator
        self.purses = [(share.numerator, electorate.everybody)]
        self.step = 0
        self.dropped: list[_Project] = []
        self.queue = [_Offer(_first_rho(one), one.rank, one) for one in electorate.projects]
        heapify(self.queue)

    def next(self) -> tuple[int, Purchase] | None:
        """Buy the project with the least rho; return its cost; None when nothing more can be paid."""
        offer = self._best()
        if offer is None:
            return None
        tied = self._tied_with(offer)
        payment = Fraction(offer.money, offer.payers * self.unit)
        project = offer.project
        self.step += 1
        if project.cost:
            self._pay(project.supporters, offer)
        short = project.support - offer.payers
        return project.cost, Purchase(project.id, offer.rho, payment, offer.payers, short, tied)

    def _best(self) -> _Offer | None:
        while self.queue:
            offer = heappop(self.queue)
            if offer.step == self.step:
                return offer
            self._renew(offer)
        return None

    def _renew(self, offer: _Offer) -> None:
        """Put an offer back with its rho of now, or drop the project for good if it cannot be paid."""
        project = offer.project
        found = self._payment(project)
        if found is None:
            self.dropped.append(project)
            return
        offer.money, offer.payers = found
        offer.step = self.step
        if project.cost:
            offer.rho = Fraction(offer.money, offer.payers * self.unit * project.worth)
        heappush(self.queue, offer)

    def _payment(self, project: _Project) -> tuple[int, int] | None:
        """Return the money left to pay after the poorest gave all, and how many share it equally."""
        money, payers = project.cost * self.unit, project.support
        for content, holders in self.purses:
            if content * payers >= money:
                return money, payers
            poor = holders & project.supporters
            if poor:
                number = self.size(poor)
                money -= content * number
                payers -= number
                if not payers:
                    break
        return None

    def _tied_with(self, best: _Offer) -> tuple[str, ...]:
        tied = [best]
        while self.queue and self.queue[0].rho == best.rho:
            offer = heappop(self.queue)
            if offer.step == self.step:
                tied.append(offer)
            else:
                self._renew(offer)
        for offer in tied[1:]:
            heappush(self.queue, offer)
        return tuple(offer.project.id for offer in tied)

    def _pay(self, supporters: int, offer: _Offer) -> None:
        common = gcd(offer.money, offer.payers)
        price, finer = offer.money // common, offer.payers // common
        self.unit *= finer
        kept, paid, empty = [], [], 0
        for content, holders in self.purses:
            rest = content * finer
            payers = holders & supporters
            if payers != holders:
                kept.append((rest, holders ^ payers))
            if payers and rest > price:
                paid.append((rest - price, payers))
            else:
                empty |= payers
        # Two lists in order: putting them together is quick.
        self.purses = sorted([(0, empty), *kept, *paid])

    def left(self) -> dict[str, Fraction]:
        """Return what the supporters of each dropped project have left together."""
        return {
            one.id: Fraction(
                sum(
                    content * self.size(holders & one.supporters)
                    for content, holders in self.purses
                ),
                self.unit,
            )
            for one in self.dropped
        }


def _first_rho(project: _Project) -> Fraction:
    """Return the rho while every purse is full: all pay the same."""
    return Fraction(project.cost, project.support * project.worth) if project.cost else Fraction(0)
