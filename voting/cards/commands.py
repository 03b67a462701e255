"""``flask cards …``: issue batches, lay out their sheets, settle them, list them."""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from voting import clock
from voting.adapters.jobs import AlreadyServed, Queue, perform
from voting.cards.models import CardBatch
from voting.cards.service import (
    BatchLine,
    batches_of,
    cards_of,
    confirm_printed,
    electors_without_card,
    forget_batch,
    issue_batch,
    latest_sheets,
    order_sheets,
    sheets_file,
    sheets_made,
    supply,
    tested_address,
    void_batch,
)
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.jobs import Job
from voting.rounds.service import get_round
from voting.web.db import current_config, current_database, current_keys, now, transaction
from voting.web.text import _, lazy_, say

group = AppGroup("cards", help=lazy_("投票卡：制作、打印、确认、作废、列出。"))
_POLL_SECONDS = 0.3


class FileNotWritable(Refusal):
    """The file cannot be written where it was asked for."""

    msgid = "写不了文件 %(path)s：文件夹不存在，或没有权限。"


class CountMissing(Refusal):
    """Neither a number of cards nor the people they are for."""

    msgid = "请用 --count 写明印多少张；记名卡用 --assigned。"


class SheetsFailed(Refusal):
    """The job that lays the sheets out has failed; it says why."""

    msgid = "%(reason)s"


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a refusal into one line on standard error and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        click.echo(say(refusal), err=True)
        raise click.exceptions.Exit(1) from refusal


@group.command("issue", help=lazy_("制作一批投票卡。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--count", type=int, help=lazy_("印多少张。"))
@click.option("--assigned", is_flag=True, help=lazy_("记名卡：给名册上还没有卡的每个人一张。"))
@click.option("--building", help=lazy_("记名卡只给这栋楼。"))
@click.option(
    "--reveal",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help=lazy_("把每张卡的编号、网址、验证码写进这个文件，一行一张。"),
)
@click.option("--json", "as_json", is_flag=True, help='Print {"batch": …, "count": N}.')
def issue(
    *,
    round_id: str,
    count: int | None,
    assigned: bool,
    building: str | None,
    reveal: Path | None,
    as_json: bool,
) -> None:
    """Make a batch; a number beyond the roll and its spare cards is asked about, or warned of."""
    with _refusals(), _private_file(reveal) as file:
        if count is None and not assigned:
            raise CountMissing
        warning = "" if assigned else _excess(round_id, count or 0)
        batch, address = _issue(round_id, None if assigned else count, building)
        if file:
            _reveal(file, batch, address)
    if warning:
        click.echo(warning, err=True)
    if as_json:
        click.echo(json.dumps({"batch": batch.id, "count": batch.count}))
    else:
        facts = {"number": batch.number, "count": batch.count, "id": batch.id}
        click.echo(_("第 %(number)d 批，%(count)d 张，编号 %(id)s", **facts))


def _issue(round_id: str, count: int | None, building: str | None) -> tuple[CardBatch, str]:
    """Make bearer cards, or without ``count`` one card for everybody who has none."""
    with transaction() as session:
        people = _everybody(session, round_id, building) if count is None else None
        batch = issue_batch(
            session,
            now=now(),
            actor=COMMAND_LINE,
            keys=current_keys(),
            round_id=round_id,
            count=len(people or ()) if count is None else count,
            mode="assigned" if count is None else "bearer",
            elector_ids=people,
            config=current_config(),
        )
        return batch, tested_address(session, current_config())


@group.command("sheet", help=lazy_("生成一批卡的打印文件（A4，一张纸六张卡）。"))
@click.argument("batch_id", metavar="BATCH")
@click.argument("path", metavar="FILE.pdf", type=click.Path(path_type=Path, dir_okay=False))
def sheet(*, batch_id: str, path: Path) -> None:
    """Lay out the cards of a batch that is not confirmed yet."""
    with _refusals(), _private_file(path) as file:
        queue = Queue(current_config().var / "jobs")
        with transaction() as session:
            job = order_sheets(
                session,
                now=now(),
                actor=COMMAND_LINE,
                batch_id=batch_id,
                served=queue.is_served(),
            )
        _lay_out(queue, job)
        if file:
            file.write(sheets_file(current_config().var, batch_id).read_bytes())


@group.command("printed", help=lazy_("确认一批卡全部打印完好；之后不能再打印。"))
@click.argument("batch_id", metavar="BATCH")
def printed(*, batch_id: str) -> None:
    """Confirm that a batch was printed well, and forget what was on its cards."""
    with _refusals():
        with transaction() as session:
            confirm_printed(
                session,
                now=now(),
                actor=COMMAND_LINE,
                batch_id=batch_id,
                sheets_made=sheets_made(session, batch_id),
            )
        forget_batch(current_keys(), current_config().var, batch_id)


@group.command("void", help=lazy_("整批作废；已经投过票的卡不受影响。"))
@click.argument("batch_id", metavar="BATCH")
@click.option("--reason", required=True, help=lazy_("作废原因，会记进操作记录。"))
def void(*, batch_id: str, reason: str) -> None:
    """Void every unspent card of a batch."""
    with _refusals():
        with transaction() as session:
            gone = void_batch(
                session, now=now(), actor=COMMAND_LINE, batch_id=batch_id, reason=reason
            )
        forget_batch(current_keys(), current_config().var, batch_id)
    click.echo(_("%(count)d 张卡已作废", count=gone.count))


@group.command("list", help=lazy_("列出一个轮次的批次，和卡的去向。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_batches(*, round_id: str, as_json: bool) -> None:
    """List all batches of a round, newest first."""
    with _refusals(), current_database().reading() as session:
        get_round(session, round_id)
        lines = [_facts(line) for line in _all_batches(session, round_id)]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        click.echo("  ".join(f"{name} {value}" for name, value in line.items()))


def _all_batches(session: Session, round_id: str) -> Iterator[BatchLine]:
    for single in (False, True):
        page, pages = 1, 1
        while page <= pages:
            lines, pages = batches_of(session, round_id, page=page, single=single)
            yield from lines
            page += 1


def _facts(line: BatchLine) -> dict[str, Any]:
    return {
        "batch": line.batch.id,
        "number": line.batch.number,
        "mode": line.batch.mode,
        "state": line.batch.state,
        "printed": line.counts.printed,
        "spent": line.counts.spent,
        "void": line.counts.void,
        "unused": line.counts.unused,
    }


def _everybody(session: Session, round_id: str, building: str | None) -> list[str]:
    return electors_without_card(session, round_id, keys=current_keys(), building=building)


def _excess(round_id: str, count: int) -> str:
    """Return the warning that there are more cards than people; ask, if somebody is there to ask."""
    with current_database().reading() as session:
        excess = supply(session, round_id).excess(count)
    if not excess:
        return ""
    warning: str = _("比名册加 5%% 备用多出 %(excess)d 张。", excess=excess)
    if sys.stdin.isatty() and sys.stderr.isatty():
        click.confirm(warning + _("仍然要印吗？"), abort=True, err=True)
        return ""
    return warning


def _reveal(file: IO[bytes], batch: CardBatch, address: str) -> None:
    for serial, card in cards_of(batch, current_keys()):
        line = {
            "serial": serial,
            "url": f"{address}/c/{card.token}",
            "check_code": card.check_code,
        }
        file.write(json.dumps(line).encode() + b"\n")


@contextmanager
def _private_file(path: Path | None) -> Iterator[IO[bytes] | None]:
    """Yield a file that only its owner may read; it appears under its name when all went well."""
    if path is None:
        yield None
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as refused:
        raise FileNotWritable(path=path) from refused
    try:
        with file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _lay_out(queue: Queue, job: Job) -> None:
    """Have the job done: by the process that serves the queue, or here if nobody does."""
    with click.progressbar(
        length=job.total, label=_("生成打印文件"), file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        try:
            with queue.held(wait=False):
                perform(
                    current_database(),
                    current_app.extensions["voting.jobs"],
                    job.id,
                    clock=clock.now,
                    watch=lambda done: bar.update(done - bar.pos),
                )
        except AlreadyServed:
            queue.put(job.id)
        while (seen := _look(job)).state in {"waiting", "running"}:
            bar.update(seen.done - bar.pos)
            time.sleep(_POLL_SECONDS)
    if seen.state == "failed":
        raise SheetsFailed(reason=seen.message or "")


def _look(job: Job) -> Job:
    with current_database().reading() as session:
        found = latest_sheets(session, job.subject_id)
        session.expunge_all()
    return found or job
