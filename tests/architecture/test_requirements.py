"""The platform runs with what requirements.txt brings, and nothing else."""

import ast
import re

from voting.config import ROOT

# How a package is imported, where that is not its name.
_IMPORTED = {
    "zxing-cpp": "zxingcpp",
    "axe-playwright-python": "axe_playwright_python",
    "pdfminer.six": "pdfminer",
}


def _named(file: str) -> set[str]:
    lines = (ROOT / file).read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith("-"))
    return {_IMPORTED.get(name[0], name[0].lower().replace("-", "_")) for name in found if name}


def _imports(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0].lower() for name in names}


def test_the_platform_imports_nothing_that_only_developers_have() -> None:
    only_developers = _named("requirements-dev.txt") - _named("requirements.txt")
    assert {"pytest", "pypdf", "pdfminer"} <= only_developers
    found = {
        str(path.relative_to(ROOT)): _imports(path.read_text()) & only_developers
        for path in (ROOT / "voting").rglob("*.py")
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_a_planted_import_is_found() -> None:
    assert "pypdf" in _imports("from pypdf import PdfReader")
