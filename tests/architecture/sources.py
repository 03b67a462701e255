"""The files of the project, read once, and what its contracts call a stage."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePosixPath

from voting.config import ROOT


@dataclass(frozen=True)
class Source:
    """One file: its path inside the project and its text."""

    name: str
    text: str

    @cached_property
    def path(self) -> PurePosixPath:
        """The path, for its parts."""
        return PurePosixPath(self.name)

    @cached_property
    def tree(self) -> ast.Module:
        """The text as Python sees it."""
        return ast.parse(self.text)

    @cached_property
    def package(self) -> str:
        """The package below ``voting``, or nothing."""
        parts = self.path.parts
        return parts[1] if parts[0] == "voting" and len(parts) > 2 else ""

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line and full name of everything imported, wherever the statement stands."""
        return list(imported(self.tree))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every import below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def contracts() -> dict[str, dict[str, object]]:
    """Return the import contracts of pyproject.toml by their ids."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def stages() -> set[str]:
    """Return the packages whose files have the names of a stage."""
    containers = contracts()["inside"]["containers"]
    assert isinstance(containers, list)
    return {container.removeprefix("voting.") for container in containers}


def read(patterns: Iterable[str]) -> list[Source]:
    """Return the files that match, migrations excepted: they are history."""
    return [
        Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
        if "migrations" not in path.parts
    ]


@cache
def python() -> list[Source]:
    """Return all Python of the project."""
    return read(("*.py", "voting/**/*.py", "tests/**/*.py", "bench/**/*.py"))


@cache
def templates() -> list[Source]:
    """Return all templates, those of papers and text files included."""
    return read(("templates/**/*.html", "templates/**/*.svg", "templates/**/*.txt"))
