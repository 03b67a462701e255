"""``flask ledger …``: signing the public ledger, and bringing what was signed to witnesses."""

import json
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.ledger.holder import checkpoint_apart, checkpoint_due, mailer, send_due
from voting.ledger.rules.notes import head_digits, note_file
from voting.web.text import _, lazy_, say

group = AppGroup("ledger", help=lazy_("公开账本：封存、核对。"))


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)


@group.command("checkpoint", help=lazy_("把新发生的事记进公开账本，签一个新的封存点。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
@click.option("--note", "as_note", is_flag=True, help=lazy_("输出封存点的原文，可以发给见证人"))
def checkpoint(round_id: str, *, as_json: bool, as_note: bool) -> None:
    """Append what waits, sign, and say the head; without news the head as it was."""
    try:
        made = checkpoint_apart(round_id)
    except Refusal as refusal:
        _fail(refusal)
    if as_note:
        click.echo(made.note, nl=False)
    elif as_json:
        facts = {"round": round_id, "size": made.size, "head": made.root.hex()}
        click.echo(json.dumps(facts))
    else:
        said = _(
            "第 %(size)s 条为止已封存，封存号 %(head)s。",
            size=made.size,
            head=head_digits(made.root),
        )
        click.echo(said)


@group.command("watch", help=lazy_("给所有轮次签一遍封存点；后台工作每隔几分钟会自己做。"))
def watch() -> None:
    """Sign every ledger for which something waits."""
    click.echo(_("签了 %(number)s 个封存点。", number=checkpoint_due()))


@group.command(
    "send",
    help=lazy_("把最新的封存点存进一个文件夹（共享盘、U 盘），或者寄给还没有收到的见证人。"),
)
@click.argument("round_id", metavar="ROUND")
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=lazy_("存进这个文件夹；不写就寄信"),
)
def send(round_id: str, *, folder: Path | None) -> None:
    """Sign what waits, then bring the newest checkpoint to where nobody here can change it."""
    try:
        made = checkpoint_apart(round_id)
    except Refusal as refusal:
        _fail(refusal)
    if folder is None:
        _mail(round_id)
        return
    path = folder / note_file(round_id, made.size)
    try:
        path.write_text(made.note, encoding="utf-8", newline="\n")
    except OSError:
        click.echo(_("写不了文件 %(path)s：请检查文件夹和权限。", path=path), err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(_("已写入 %(path)s。", path=path))


def _mail(round_id: str) -> None:
    if mailer() is None:
        click.echo(
            _("没有设好发信：请设置 VOTING_SMTP_URL 和 VOTING_MAIL_FROM，或者用 --to 存进文件夹。"),
            err=True,
        )
        raise click.exceptions.Exit(1)
    sent, left = send_due(round_id)
    if left:
        click.echo(
            _("寄出 %(sent)s 封，还有 %(left)s 封没有寄出，请检查发信设置。", sent=sent, left=left),
            err=True,
        )
        raise click.exceptions.Exit(1)
    click.echo(_("寄出 %(sent)s 封。", sent=sent))
