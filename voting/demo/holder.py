"""The demo's papers, set in the same type and wording as every other; its scene on this installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from voting.cards.service import forget_batch
from voting.demo.service import Scene, Sheet
from voting.notices.document import vote_notice
from voting.notices.holder import render, set_paper
from voting.notices.rules import write_facts
from voting.results.document import notice_facts, result_notice
from voting.results.rules import Publicity, ResultFacts
from voting.results.service import RESULT
from voting.tally.document import VOTE, vote_facts
from voting.tally.service import Announcement
from voting.web.db import current_config, current_files, current_keys, transaction


class PrintedPapers:
    """Sets papers as the street does and stores their PDF."""

    def vote(self, given: Announcement, *, number: str, url: str) -> Sheet:
        """Set the paper that calls to a vote."""
        facts = vote_facts(given, number=number, url=url)
        digest = current_files().put(set_paper(vote_notice(facts, render=render)))
        return Sheet(VOTE, facts.title, write_facts(facts), digest)

    def result(
        self, facts: ResultFacts, *, publicity: Publicity, issued_on: date, number: str, url: str
    ) -> Sheet:
        """Set the paper that says a result."""
        said = notice_facts(
            facts, publicity=publicity, issued_on=issued_on, number=number, url=url, demo=True
        )
        digest = current_files().put(set_paper(result_notice(said, render=render)))
        return Sheet(RESULT, said.title, write_facts(said), digest)


@contextmanager
def scene() -> Iterator[Scene]:
    """Yield the scene of one transaction; seeds of printed batches are forgotten after its commit."""
    with transaction() as session:
        made = Scene(session, current_config(), current_keys(), PrintedPapers())
        yield made
    for batch_id in made.settled:
        forget_batch(current_keys(), current_config().var, batch_id)
