"""A candidate leaves the list while people vote."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from tests.stateful.oracle import Oracle
from voting.adapters.keyring import Keyring
from voting.ballots.rules import BallotPaper
from voting.ballots.service import load_paper
from voting.clock import local_day
from voting.conduct.rules import Given
from voting.conduct.service.withdrawing import ask_withdrawal, confirm_withdrawal
from voting.journal.rules import Actor
from voting.persistence.session import Database
from voting.proposals.service import candidates_of


class ListActs:
    """The rules of a round's machine that speak of its list."""

    id: str
    keys: Keyring
    database: Database
    paper: BallotPaper
    oracle: Oracle
    officers: list[Actor]
    act: Callable[[str, Callable[[Session], Any]], Any]

    @precondition(lambda machine: not machine.oracle.counted)
    @rule(number=st.integers(1, 6))
    def withdraw(self, number: int) -> None:
        by: dict[str, Any] = {"now": self.oracle.now, "round_id": self.id}

        def do(session: Session) -> None:
            listed = candidates_of(session, self.id)
            one = next(one for one in listed if one.ballot_number == number)
            given = Given(day=local_day(self.oracle.now), person="街道办事处")
            asked = ask_withdrawal(
                session,
                **by,
                actor=self.officers[0],
                candidate_id=one.id,
                reason="管线冲突",
                given=given,
            )
            confirm_withdrawal(
                session, **by, actor=self.officers[1], keys=self.keys, withdrawal_id=asked.id
            )

        self.act(self.oracle.withdraw(number), do)
        with self.database.reading() as session:
            self.paper = load_paper(session, self.id)
