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
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules import counting
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.answer import answer
from voting.tally.rules.deciding import Declared, decide, draw_seed
from voting.tally.rules.judging import Contents, Judged, Terms, judge, shown_channels


@dataclass(frozen=True)
class Counted:
    """A count with everything a page or a paper says about it.

    ``candidates`` are those on the list under their ids in the count: the ballot number, or the id of the
    file the round was loaded from; ``listed`` are the same as the rules see them. ``vote_decimals`` is 0 but
    for points of other places.
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
        return canonical(facts | more)


def reckon(
    session: Session,
    round: Round,
    contents: Contents,
    *,
    tests: Compared,
    urn_digest: bytes,
    at: datetime,
) -> Counted:
    """Return what a count at ``at`` comes to: who withdrew later still takes part in it."""
    on_list = select(Candidate).where(
        Candidate.round_id == round.id, Candidate.ballot_number.is_not(None)
    )
    rows = session.scalars(on_list.order_by(Candidate.ballot_number)).all()
    by_id = {row.external_id or str(row.ballot_number): row for row in rows}
    terms = Terms(
        kind=BallotKind(round.ballot_kind),
        least=round.min_choices,
        most=round.max_choices,
        most_points=round.max_points,
        ids={row.ballot_number or 0: id for id, row in by_id.items()},
    )
    judged, declared = judge(contents.said, terms), declared_by(round)
    seed = draw_seed(round.config_hash or b"", urn_digest)
    candidates = [_candidate(id, row, at) for id, row in by_id.items()]
    return Counted(
        judged=judged,
        contents=contents,
        tests=tests,
        outcome=decide(judged, terms=terms, declared=declared, candidates=candidates, seed=seed),
        declared=declared,
        urn_digest=urn_digest,
        draw_seed=seed,
        candidates=by_id,
        money_decimals=round.money_decimals,
        vote_decimals=_vote_decimals(round),
        terms=terms,
        listed=tuple(candidates),
    )


def declared_by(round: Round) -> Declared:
    """Return the rule a round declares."""
    return Declared(
        allocation=Allocation(round.allocation),
        funded_count=round.funded_count,
        least_votes=round.least_votes,
        budget=round.budget,
        tie_steps=round.tie_steps,
    )


def _candidate(id: str, row: Candidate, at: datetime) -> counting.Candidate:
    withdrawn = row.withdrawn_at is not None and row.withdrawn_at <= at
    return counting.Candidate(id, row.cost, row.beneficiaries, withdrawn=withdrawn)


def _vote_decimals(round: Round) -> int:
    """Return how many places the points of this round have; only other people's data has any."""
    decimals = json.loads(round.config or "{}").get("point_decimals", 0)
    return decimals if isinstance(decimals, int) else 0
