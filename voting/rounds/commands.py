"""Rounds on the command line."""

import json

import click
from flask.cli import AppGroup

from voting.rounds.service import all_rounds
from voting.rounds.service import settle as settle_rounds
from voting.web.db import current_database, now, transaction

group = AppGroup("rounds", help="Rounds and their phases.")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_rounds(*, as_json: bool) -> None:
    """List all rounds: those with a vote on first, then by opening, newest first."""
    with current_database().reading() as session:
        lines = [
            {
                "id": round.id,
                "title": round.title,
                "phase": round.phase_at(now()).value,
                "area": round.area.name,
            }
            for round in all_rounds(session, now=now())
        ]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{line['id']}  {line['phase']:<16}  {line['area']}  {line['title']}")


@group.command("settle")
@click.option("--json", "as_json", is_flag=True, help='Print {"settled": N}.')
def settle(*, as_json: bool) -> None:
    """Write down the phases the clock has brought (opening and closing of votes)."""
    with transaction() as session:
        count = settle_rounds(session, now=now())
    click.echo(json.dumps({"settled": count}) if as_json else f"{count} rounds settled")
