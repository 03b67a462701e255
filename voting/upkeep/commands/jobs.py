"""``flask jobs run``: the process that works long jobs off, and does what comes round each minute."""

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from voting import clock
from voting.adapters.jobs import Queue, perform, settle, waiting
from voting.cards.service import forget_batch, settled_batches
from voting.custody.service import forgotten_keys, unfinished_destructions
from voting.paper.service import forget_file, settled_files
from voting.tally.holder import forget_files, forget_incoming
from voting.upkeep.holder.minutes import minutes
from voting.web.db import current_config, current_database, current_keys
from voting.web.text import lazy_

group = AppGroup("jobs", help=lazy_("后台工作：生成打印文件、封存账本、夜里核对等。"))


@group.command("run", with_appcontext=False, help=lazy_("一直做后台工作，直到收到停止信号。"))
@click.pass_context
def run(context: click.Context) -> None:
    """Work long jobs off, and do the periodic work, until a signal ends this process; a second one waits.

    Jobs that ran when the last such process ended are marked as failed, with a sentence.
    """
    app = context.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        queue = Queue(current_config().var / "jobs")
        with queue.held(wait=True):
            _serve(app, queue)


def _serve(app: Flask, queue: Queue) -> None:
    database = current_database()
    handlers = app.extensions["voting.jobs"]

    def work(job_id: str) -> None:
        # Another thread: it has no context of its own.
        with app.app_context():
            perform(database, handlers, job_id, clock=clock.now)

    settle(database, now=clock.now())
    _forget_settled()
    forget_keys()
    with minutes(app):
        queue.serve(work, lambda: waiting(database))
    settle(database, now=clock.now())


def forget_keys() -> None:
    """Delete what opens an urn and should be gone: lent keys, forgotten shares, destroyed keys."""
    # A lent key outlives a count that was killed; a promise to forget may have been stored, and no more.
    keys = current_keys()
    keys.take_back_seal_keys()
    forget_incoming()
    with current_database().reading() as session:
        promised, destroyed = forgotten_keys(session), unfinished_destructions(session)
    for round_id in promised:
        keys.forget_shares(round_id)
    for round_id in destroyed:
        forget_files(round_id)


def _forget_settled() -> None:
    # A process that was killed between a commit and the deletion left seeds and files behind.
    with current_database().reading() as session:
        batches = settled_batches(session)
        papers = settled_files(session, current_config().var)
    for batch_id in batches:
        forget_batch(current_keys(), current_config().var, batch_id)
    for path in papers:
        forget_file(path)
