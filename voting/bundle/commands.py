"""``flask ledger bundle``: everything somebody needs to verify a round, in one file."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from voting.bundle.holder import bundle_apart
from voting.bundle.rules import Sort
from voting.bundle.service.gathering import Progress
from voting.errors import Refusal
from voting.ledger.rules.notes import head_digits
from voting.ledger.service import count_entries
from voting.web.db import current_database
from voting.web.text import _, lazy_, say


def _fail(text: str) -> NoReturn:
    click.echo(text, err=True)
    raise click.exceptions.Exit(1)


@contextmanager
def _bar(round_id: str) -> Iterator[Progress | None]:
    """Give a progress bar on a terminal, and none where a program listens."""
    if not sys.stderr.isatty():
        yield None
        return
    with current_database().reading() as session:
        total = count_entries(session, round_id)
    with click.progressbar(length=total, label=_("写核对包"), file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


@click.command("bundle", help=lazy_("写出核对包，已有的文件会整个换掉。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--monitors", is_flag=True, help=lazy_("监票人的：计票以后带着每一张选票"))
@click.option("--sealed", is_flag=True, help=lazy_("开箱用的：带着密封的选票"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
@with_appcontext
def command(round_id: str, file: Path, *, monitors: bool, sealed: bool, as_json: bool) -> None:
    """Write a bundle up to a checkpoint made now."""
    if monitors and sealed:
        raise click.UsageError(_("--monitors 和 --sealed 只能选一个。"))
    sort = Sort.MONITORS if monitors else Sort.SEALED if sealed else Sort.PUBLIC
    if not file.absolute().parent.is_dir():
        _fail(_("没有文件夹 %(folder)s，请先建好。", folder=file.absolute().parent))
    try:
        with _bar(round_id) as progress:
            made = bundle_apart(round_id, sort, file.absolute(), progress=progress)
    except Refusal as refusal:
        _fail(say(refusal))
    except OSError as problem:
        _fail(_("写不进 %(file)s：%(why)s", file=file, why=problem.strerror or problem))
    if as_json:
        facts = {
            "file": str(file), "sort": sort.value, "size": made.length, "entries": made.entries,
            "ballots": made.ballots, "head": made.head.hex(),
        }  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo(
            _(
                "已写好 %(file)s：账本 %(entries)s 条，选票 %(ballots)s 张，封存号 %(head)s。",
                file=file,
                entries=made.entries,
                ballots=made.ballots,
                head=head_digits(made.head),
            )
        )
