"""Loading a file, counting it through the urn, and counting it without a database."""

import json
from pathlib import Path

from click.testing import CliRunner

from voting.pabulib.commands import group

FILES = Path(__file__).parent / "files"


def loaded(run, path):
    result = run("pabulib", "load", str(path), "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def counted(run, path):
    facts = loaded(run, path)
    result = run("tally", "count", facts["round"], "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def tallied(path, rule):
    result = CliRunner().invoke(group, ["tally", str(path), "--rule", rule, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def check(run, path):
    """The urn's count is the one that the file gives without a database."""
    through_urn = counted(run, path)
    direct = tallied(path, through_urn["rule"])
    for name in (
        "rule",
        "ballots",
        "votes",
        "funded",
        "budget",
        "spent",
        "left",
        "ties",
        "projects",
    ):
        assert through_urn[name] == direct[name], name
    assert through_urn["invalid"] == 0
    return through_urn
