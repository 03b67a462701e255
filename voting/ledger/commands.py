"""``flask ledger …``: signing the public ledger, and holding it against what is stored."""

import json
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.ledger.holder import checkpoint_apart, checkpoint_due
from voting.ledger.rules.notes import head_digits
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
