from tests.architecture.papers import changelog_faults, decision_faults, undocumented
from tests.architecture.sources import read
from voting.config import ROOT

RECORD = "# 1. Record decisions\n\n## Status\n\n## Context\n\n## Decision\n\n## Consequences\n"


def test_every_setting_is_documented() -> None:
    code = "\n".join(
        source.text for source in read(("voting/**/*.py", "scripts/*.sh", "Makefile", "wsgi.py"))
    )
    manual = (ROOT / "docs" / "3_operations.md").read_text("utf-8")
    assert undocumented(code, manual) == []


def test_a_setting_without_documentation_is_found() -> None:
    assert undocumented('environ["VOTING_COLOUR"]', "`VOTING_VAR`") == [
        "VOTING_COLOUR is not documented",
        "VOTING_VAR is documented and not read",
    ]


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
