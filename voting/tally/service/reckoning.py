"""What a count comes to: the contents of an urn judged by the frozen rules of its round."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.audits.rules import Compared
from voting.journal.rules import canonical
from voting.proposals.models import Candidate
from voting.rounds.models import Round
from voting.rounds.rules import Allocation, BallotKind, DrawWay, quotas_of
from voting.tally.rules import counting
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.answer import answer
from voting.tally.rules.deciding import Declared, decide, draw_seed
from voting.tally.rules.judging import Contents, Judged, Terms, judge, shown_channels
from voting.tally.rules.phrases import Phrase
from voting.tally.rules.situations import situation_phrase, situations
from voting.tally.rules.thresholds import Turnout


@dataclass(frozen=True)
class Counted:
    """A count with everything a page or a paper says about it.

    ``candidates`` are those on the list under their ids in the count: the ballot number, or the id of the
    file the round was loaded from; ``listed`` are the same as the rules see them. ``vote_decimals`` is 0 but
    for points of other places. ``draw_seed`` is empty while a lot that is drawn in public has not been drawn.
    ``turnout`` is None where the round declared no least turnout.
    """

    judged: Judged
    contents: Contents
    tests: Compared
    outcome: Outcome
    declared: Declared
    urn_digest: bytes
    draw_seed: bytes
    candidates: Mapping[str, Candidate]
    money_decimals: int
    vote_decimals: int
    terms: Terms
    listed: tuple[counting.Candidate, ...]
    turnout: Turnout | None = None

    @property
    def ballots(self) -> int:
        """How many ballots came out of the urn, blank and invalid ones included, no test or void."""
        return self.contents.ballots

    @property
    def answer(self) -> str:
        """The canonical JSON that scripts rely on and that is stored."""
        facts = answer(
            self.outcome,
            rule=self.declared.name,
            ballots=self.ballots,
            decimals=self.money_decimals,
            vote_decimals=self.vote_decimals,
        )
        more = {
            "blank": self.judged.blank,
            "invalid": self.judged.invalid,
            "flaws": {flaw.value: number for flaw, number in self.judged.flaws.items()},
            "channels": shown_channels(self.contents.channels),
            "urn_digest": self.urn_digest.hex(),
            "draw_seed": self.draw_seed.hex(),
            "tests": asdict(self.tests),
        }
        return canonical(facts | more | self._thresholds)

    @property
    def situations(self) -> tuple[Phrase, ...]:
        """What a reader would wonder about, as sentences."""
        found = situations(self.outcome, valid_ballots=self.judged.valid_count)
        return tuple(situation_phrase(one, self.turnout) for one in found)

    @property
    def _thresholds(self) -> dict[str, object]:
        """What only rounds with these thresholds say, so that the answer of others stays as it was."""
        found: dict[str, object] = {}
        if self.declared.least_share:
            found["least_votes"] = self.declared.votes_needed(self.judged.valid_count)
        if self.turnout is not None:
            found["turnout"] = asdict(self.turnout)
        return found


def reckon(
    session: Session,
    round: Round,
    contents: Contents,
    *,
    tests: Compared,
    urn_digest: bytes,
    at: datetime,
    marked: tuple[int, int] | None,
    drawn: bytes | None = None,
) -> Counted:
    """Return what a count at ``at`` comes to: who withdrew later still takes part in it.

    ``marked`` is how many had used their right, and how many were on the roll, at the count; needed where
    the round declared a least turnout. ``drawn`` is the seed of a lot that was drawn in public, once it was.
    """
    by_id = _listed(session, round.id)
    terms = _terms(round, by_id, at)
    judged, declared = judge(contents.said, terms), declared_by(round)
    candidates = [_candidate(id, row, at) for id, row in by_id.items()]
    seed = drawn if draws_in_public(round) else draw_seed(round.config_hash or b"", urn_digest)
    turnout = _turnout(declared, marked)
    outcome = decide(
        judged, terms=terms, declared=declared, candidates=candidates, seed=seed, turnout=turnout
    )
    return Counted(
        judged=judged,
        contents=contents,
        tests=tests,
        outcome=outcome,
        declared=declared,
        urn_digest=urn_digest,
        draw_seed=seed or b"",
        candidates=by_id,
        money_decimals=round.money_decimals,
        vote_decimals=_vote_decimals(round),
        terms=terms,
        listed=tuple(candidates),
        turnout=turnout,
    )


def _listed(session: Session, round_id: str) -> dict[str, Candidate]:
    """Return the list under the ids of the count."""
    on_list = select(Candidate).where(
        Candidate.round_id == round_id, Candidate.ballot_number.is_not(None)
    )
    rows = session.scalars(on_list.order_by(Candidate.ballot_number)).all()
    return {row.external_id or str(row.ballot_number): row for row in rows}


def _terms(round: Round, by_id: Mapping[str, Candidate], at: datetime) -> Terms:
    return Terms(
        kind=BallotKind(round.ballot_kind),
        least=round.min_choices,
        most=round.max_choices,
        most_points=round.max_points,
        ids={row.ballot_number or 0: id for id, row in by_id.items()},
        withdrawn=frozenset(row.ballot_number or 0 for row in by_id.values() if _is_gone(row, at)),
        spend_limit=round.spend_limit,
        costs={row.ballot_number or 0: row.cost for row in by_id.values()},
    )


def _turnout(declared: Declared, marked: tuple[int, int] | None) -> Turnout | None:
    if not declared.least_turnout:
        return None
    if marked is None:
        raise ValueError("this round declared a least turnout: tell how many took part")
    return Turnout(*marked, least=declared.least_turnout)


def draws_in_public(round: Round) -> bool:
    """Tell whether the lot of a round is drawn in public, after a tie that needs it."""
    return round.draw_way == DrawWay.PUBLIC


def declared_by(round: Round) -> Declared:
    """Return the rule a round declares."""
    return Declared(
        allocation=Allocation(round.allocation),
        funded_count=round.funded_count,
        least_votes=round.least_votes,
        budget=round.budget,
        tie_steps=round.tie_steps,
        least_share=round.least_share,
        least_turnout=round.least_turnout,
        quotas=quotas_of(round),
    )


def _candidate(id: str, row: Candidate, at: datetime) -> counting.Candidate:
    return counting.Candidate(
        id, row.cost, row.beneficiaries, _is_gone(row, at), row.category or "", row.rival_group
    )


def _is_gone(row: Candidate, at: datetime) -> bool:
    return row.withdrawn_at is not None and row.withdrawn_at <= at


def _vote_decimals(round: Round) -> int:
    """Return how many places the points of this round have; only other people's data has any."""
    decimals = json.loads(round.config or "{}").get("point_decimals", 0)
    return decimals if isinstance(decimals, int) else 0
