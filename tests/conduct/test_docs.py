import json
import re

from tests.factories.areas import NOW
from voting.conduct.rules import STEPS
from voting.conduct.service import advance
from voting.config import ROOT
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Permission
from voting.rounds.rules import PHASE_NAMES, Phase

RULES = ROOT / "docs" / "2_rules"
_CODE = re.compile(r"`([^`]+)`")


def _rows(name):
    """Return the cells of every table row of a page."""
    lines = (RULES / name).read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"
    ]


def test_every_phase_is_described_with_its_name():
    described: dict[str, str] = {}
    for row in _rows("phases.md"):
        codes, names = _CODE.findall(row[0]), row[1].split(", ")
        if len(row) == 3 and len(codes) == len(names):
            described |= dict(zip(codes, names, strict=True))
    assert described == {phase.value: name for phase, name in PHASE_NAMES.items()}


def test_every_step_is_described_with_its_permission():
    described = {
        (_CODE.findall(row[0])[0], _CODE.findall(row[1])[0], _CODE.findall(row[2])[0])
        for row in _rows("phases.md")
        if len(row) == 4 and len(_CODE.findall(row[0])) == 1
    }
    steps = {
        (step.before.value, step.after.value, step.permission.value)
        for step in STEPS
        if step.permission is not Permission.ROUND_HALT
    }
    assert described == steps


def test_the_frozen_text_has_exactly_the_names_of_its_page(session, keys, ready):
    advance(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        keys=keys,
        round_id=ready.id,
        to=Phase.VOTE_ANNOUNCED,
    )
    said = json.loads(ready.config)
    described = {row[0]: _CODE.findall(row[1]) for row in _rows("frozen_rules.md")[2:]}
    names = {code for row in described for code in _CODE.findall(row)}
    assert set(said) == names
    for part in ("round", "rules"):
        assert set(said[part]) == set(described[f"`{part}`"])
    assert set(said["candidates"][0]) == set(described["`candidates`"])
    assert described["`format`"] == [said["format"]]
