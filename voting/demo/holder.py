"""The demo on this installation: its papers in the type and wording of all others, one load at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from voting.adapters.pictures import clean_picture
from voting.areas.service import AlreadySetUp
from voting.cards.service import forget_batch
from voting.demo.rules.pictures import picture_of
from voting.demo.service import Loaded, Progress, Scene, Sheet, is_loaded, kept_password, load
from voting.notices.document import vote_notice
from voting.notices.holder import print_paper, render
from voting.notices.rules import write_facts
from voting.results.document import notice_facts, result_notice
from voting.results.rules import Publicity, ResultFacts
from voting.results.service import RESULT
from voting.tally.document import VOTE, vote_facts
from voting.tally.service import Announcement
from voting.web.db import current_config, current_files, current_keys, transaction


class PrintedPapers:
    """Sets papers as the street does and stores their PDF; makes pictures as uploading does."""

    def __init__(self) -> None:
        self._pictures: dict[str, str | None] = {}

    def picture(self, title: str) -> str | None:
        """Draw and store the picture of a work, once, and return its digest."""
        if title not in self._pictures:
            drawn = picture_of(title)
            stored = current_files().put(clean_picture(drawn)) if drawn else None
            self._pictures[title] = stored
        return self._pictures[title]

    def vote(
        self, given: Announcement, *, number: str, url: str, head: str, at_once: bool
    ) -> Sheet:
        """Set the paper that calls to a vote, or leave that to whoever first asks for it."""
        facts = vote_facts(given, number=number, url=url, head=head)
        digest = print_paper(vote_notice(facts, render=render)) if at_once else None
        return Sheet(VOTE, facts.title, write_facts(facts), digest)

    def result(
        self,
        facts: ResultFacts,
        *,
        publicity: Publicity,
        issued_on: date,
        number: str,
        url: str,
        head: str,
        at_once: bool,
    ) -> Sheet:
        """Set the paper that says a result, or leave that to whoever first asks for it."""
        said = notice_facts(
            facts,
            publicity=publicity,
            issued_on=issued_on,
            number=number,
            url=url,
            demo=True,
        )
        said = replace(said, head=head)
        digest = print_paper(result_notice(said, render=render)) if at_once else None
        return Sheet(RESULT, said.title, write_facts(said), digest)


def load_demo(*, now: datetime, progress: Progress) -> tuple[Loaded, str]:
    """Load the demo, or freshen it, and return it with its password; raise RealInstallation."""
    with _scene() as scene:
        # Asked before anything is made: a refused load leaves not even a password behind.
        is_loaded(scene)
    password = kept_password(current_config().secrets)
    try:
        return _load(now, password, progress), password
    except AlreadySetUp:
        # Another process was first by a moment, and has finished.
        return _load(now, password, progress), password


def _load(now: datetime, password: str, progress: Progress) -> Loaded:
    with _scene() as scene:
        return load(scene, now=now, password=password, progress=progress)


@contextmanager
def _scene() -> Iterator[Scene]:
    """Yield the scene of one transaction; after it, seeds of printed batches are forgotten."""
    config, keys = current_config(), current_keys()
    settled: list[str] = []
    try:
        with transaction() as session:
            yield Scene(session, config, keys, PrintedPapers(), settled)
    finally:
        # Where the transaction failed there are no such batches either.
        for batch_id in settled:
            forget_batch(keys, config.var, batch_id)
