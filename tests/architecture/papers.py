"""Conventions of the papers beside the code: settings, changelog, decisions."""

import re

Findings = list[str]

_SETTING = re.compile(r"\bVOTING_[A-Z_]*[A-Z]\b")
_SECTIONS = {"Added", "Changed", "Deprecated", "Fixed", "Removed", "Security"}
_PARTS = ["Status", "Context", "Decision", "Consequences"]


def settings(text: str) -> set[str]:
    """Return the names of the settings in a text."""
    return set(_SETTING.findall(text))


def undocumented(code: str, manual: str) -> Findings:
    """Find settings that are read and not explained, and those explained that nobody reads."""
    silent = [f"{name} is not documented" for name in settings(code) - settings(manual)]
    gone = [f"{name} is documented and not read" for name in settings(manual) - settings(code)]
    return sorted(silent + gone)


def pins(text: str) -> dict[str, str]:
    """Return name and version of the packages pinned in a list; names as the index compares them."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)$", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def unlocked(chosen: str, locked: str) -> Findings:
    """Find packages that are chosen in one version and locked in another, or not at all."""
    versions = pins(locked)
    return [
        f"{name} {version} is not locked: make lock"
        for name, version in pins(chosen).items()
        if versions.get(name) != version
    ]


def unpinned(chosen: str) -> Findings:
    """Find requirements without one exact version."""
    lines = [line for line in chosen.splitlines() if line and not line.startswith(("#", "-r "))]
    return [line for line in lines if not pins(line)]


def changelog_faults(text: str) -> Findings:
    """Find what keeps a changelog from being kept: no place for the unreleased, unknown headings."""
    found = []
    if not re.search(r"^## \[?Unreleased\]?$", text, re.MULTILINE):
        found.append("no Unreleased")
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    found += [f"### {heading}" for heading in headings if heading not in _SECTIONS]
    return found


def decision_faults(decisions: dict[str, str]) -> Findings:
    """Find records out of order, or without one of the four parts of Nygard's form."""
    found = []
    for number, (name, text) in enumerate(sorted(decisions.items()), start=1):
        if not re.fullmatch(rf"{number:04d}(-[a-z0-9]+)+\.md", name):
            found.append(f"{name} is not number {number:04d}")
        if re.findall(r"^## (.+)$", text, re.MULTILINE) != _PARTS:
            found.append(f"{name}: not {', '.join(_PARTS)}")
    return found
