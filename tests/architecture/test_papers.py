from tests.architecture.papers import (
    changelog_faults,
    decision_faults,
    undocumented,
    unlocked,
    unpinned,
)
from tests.architecture.sources import read
from voting.config import ROOT

RECORD = "# 1. Record decisions\n\n## Status\n\n## Context\n\n## Decision\n\n## Consequences\n"


READERS = ("voting/**/*.py", "bench/**/*.py", "tests/**/*.py", "*.py", "scripts/*.sh", "Makefile")


def test_every_setting_is_documented() -> None:
    # The settings this folder speaks of are planted.
    code = "\n".join(source.text for source in read(READERS) if "architecture" not in source.name)
    manual = (ROOT / "docs" / "3_operations.md").read_text("utf-8")
    assert undocumented(code, manual) == []


def test_a_setting_without_documentation_is_found() -> None:
    assert undocumented('environ["VOTING_COLOUR"]', "`VOTING_VAR`") == [
        "VOTING_COLOUR is not documented",
        "VOTING_VAR is documented and not read",
    ]


def _required() -> str:
    return "".join(source.text for source in read(("requirements*.txt",)))


def test_every_requirement_is_pinned_and_locked() -> None:
    assert unpinned(_required()) == []
    assert unlocked(_required(), (ROOT / "constraints.txt").read_text("utf-8")) == []


def test_a_loose_requirement_is_found() -> None:
    assert unpinned("Flask==3.1.3\nqrcode>=8\nhuey\n") == ["qrcode>=8", "huey"]
    assert len(unlocked("types_qrcode==8.2\n", "types-qrcode==8.1\n")) == 1
    assert unlocked("psycopg[binary]==3.3.9\n", "psycopg==3.3.9\n") == []


def test_the_changelog_has_a_place_for_what_is_unreleased() -> None:
    assert changelog_faults((ROOT / "CHANGELOG.md").read_text("utf-8")) == []


def test_a_changelog_that_is_not_kept_is_found() -> None:
    assert changelog_faults("# Changelog\n\n## 1.0\n\n### Refactored\n") == [
        "no Unreleased",
        "### Refactored",
    ]


def test_decisions_are_numbered_and_have_their_four_parts() -> None:
    folder = ROOT / "docs" / "adr"
    assert decision_faults({path.name: path.read_text("utf-8") for path in folder.iterdir()}) == []


def test_a_decision_out_of_form_is_found() -> None:
    assert decision_faults({"0001-record-decisions.md": RECORD}) == []
    assert len(decision_faults({"0002-record-decisions.md": RECORD})) == 1
    assert len(decision_faults({"0001-record-decisions.md": "# 1. Record decisions"})) == 1
