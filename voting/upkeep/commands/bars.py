"""A progress bar whose label says what is being done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from voting.errors import Refusal
from voting.web.text import _, say


@contextmanager
def showing() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what takes: what is being done, and how much of how much; on a terminal it is shown."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, file=sys.stderr, hidden=hidden, show_eta=False) as bar:

        def show(what: str, done: int, total: int) -> None:
            if hidden:
                return
            if bar.label != _(what):
                bar.label, bar.pos = _(what), 0
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


def fail(refusal: Refusal) -> NoReturn:
    """Say a refusal in one line and end with an exit code."""
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)
