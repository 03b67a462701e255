"""The roll on the command line."""

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from voting.adapters.spreadsheets import MOST_BYTES, Row, read_table
from voting.errors import NotFound, Refusal
from voting.journal.rules import COMMAND_LINE
from voting.roll.holder import current_shelf
from voting.roll.service import ImportReport, as_kept, forget_uploads, import_roll
from voting.web.db import current_keys, now, transaction
from voting.web.text import _, say

group = AppGroup("roll", help="The roll of a round.")


@group.command("import")
@click.argument("round_id", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Look at the file; leave the roll as it is.")
@click.option("--old-ages-checked", is_flag=True, help="Ages above 105 have been checked.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def import_file(
    round_id: str, file: Path, *, dry_run: bool, old_ages_checked: bool, as_json: bool
) -> None:
    """Read FILE (XLSX or CSV) into the roll of ROUND and say what became of its rows."""
    try:
        rows = _rows(file)
        with _progress(len(rows)) as bar, transaction() as session:
            report = import_roll(
                session,
                now=now(),
                actor=COMMAND_LINE,
                keys=current_keys(),
                round_id=round_id,
                rows=rows,
                file_name=file.name,
                old_ages_checked=old_ages_checked,
                progress=bar.update,
            )
            if dry_run:
                session.rollback()
    except NotFound as absent:
        raise click.ClickException(_("没有这个轮次。")) from absent
    except Refusal as refusal:
        raise click.ClickException(say(refusal)) from refusal
    _print(report, as_json=as_json)


@group.command("tidy")
def tidy() -> None:
    """Delete uploaded files that are older than an hour."""
    with transaction() as session:
        gone = forget_uploads(session, current_shelf(), now=now())
    click.echo(_("已删除 %(count)s 份过期的名册文件。", count=gone))


def _rows(file: Path) -> list[Row]:
    try:
        with file.open("rb") as stream:
            return read_table(stream.read(MOST_BYTES + 1))
    except OSError as unreadable:
        raise click.ClickException(_("打不开这个文件：%(name)s", name=file.name)) from unreadable


def _progress(rows: int) -> AbstractContextManager[Any]:
    # On standard error, so that what is printed can be read by a program.
    return click.progressbar(length=rows, file=sys.stderr, hidden=not sys.stderr.isatty())


def _print(report: ImportReport, *, as_json: bool) -> None:
    rejected = [
        {"row": fault.row, "column": fault.column, "reason": _(fault.msgid, **fault.values)}
        for fault in as_kept(report.faults)
    ]
    if as_json:
        facts = {
            "accepted": report.accepted,
            "duplicates": report.duplicates,
            "rejected": rejected,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(
        _(
            "新列入 %(accepted)s 人，重复 %(duplicates)s 行，有错 %(rejected)s 行。",
            accepted=report.accepted,
            duplicates=report.duplicates,
            rejected=report.rejected,
        )
    )
    for line in rejected:
        click.echo(f"{line['row']}\t{line['column']}\t{line['reason']}")
