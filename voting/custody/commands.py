"""``flask custody …``: where a round's key stands, and how a new machine gets its secrets back."""

import json
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.custody.service import recover, standing_of
from voting.custody.service.reading import read_argument
from voting.errors import Refusal
from voting.rounds.service import get_round
from voting.web.db import current_database, current_keys
from voting.web.text import _, lazy_, say

group = AppGroup("custody", help=lazy_("钥匙保管：查看、恢复、离线开箱。"))


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)


@group.command("status", help=lazy_("本轮的钥匙准备到哪一步。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def status(round_id: str, *, as_json: bool) -> None:
    """Say where the custody of a round's key stands."""
    try:
        with current_database().reading() as session:
            round = get_round(session, round_id)
            standing = standing_of(session, round)
    except Refusal as refusal:
        _fail(refusal)
    facts = {
        "round": round.id,
        "way": standing.way.value,
        "made": standing.is_made,
        "set": standing.set_no,
        "proven": standing.is_proven,
        "forgotten": standing.is_forgotten,
        "gate": standing.passes_gate,
        "lost_sheets": standing.lost,
        "openable": not (standing.is_lost or standing.is_destroyed),
        "destroyed": standing.is_destroyed,
        "key_on_server": current_keys().has_seal_key(round.id),
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name}\t{value}")


@group.command("recover", help=lazy_("在新机器上用一份恢复袋补齐缺少的密钥；已有的不改。"))
@click.argument("round_id", metavar="ROUND")
@click.option(
    "--set", "given", required=True, help=lazy_("恢复袋：照片文件、文本文件，或者上面的字")
)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def recover_secrets(round_id: str, *, given: str, as_json: bool) -> None:
    """Write the secrets that are missing here and name their files."""
    try:
        with current_database().reading() as session:
            round = get_round(session, round_id)
        written = recover(keys=current_keys(), round=round, typed=read_argument(given))
    except Refusal as refusal:
        _fail(refusal)
    if as_json:
        click.echo(json.dumps({"round": round.id, "written": written}))
        return
    for name in written:
        click.echo(name)
    click.echo(_("补写了 %(number)s 个密钥文件。", number=len(written)))
