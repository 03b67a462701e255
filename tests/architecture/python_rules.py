"""Conventions of the Python code that no linter knows. Each check returns what it finds."""

import ast
import io
import re
import symtable
import tokenize
from collections.abc import Iterator

from tests.architecture.sources import Source, imported, stages

Findings = list[str]

STAGE_FILES = {
    "__init__",
    "views",
    "commands",
    "jobs",
    "forms",
    "document",
    "holder",
    "service",
    "models",
    "rules",
}
EDGES = {"views", "commands", "forms", "jobs"}
# Their files have names of their own: a file called `jobs` there is no edge.
NO_STAGES = {"adapters", "persistence"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
WRAPPED = {
    "qrcode",
    "weasyprint",
    "cryptography",
    "openpyxl",
    "xlsxwriter",
    "defusedcsv",
    "PIL",
    "huey",
    "pygal",
}
FILE_LINES = 300
# People without this project carry it about: one file, whatever its length.
ALONE = {"verify_bundle.py"}
FUNCTION_LINES = 40

_DIRECTIVE = re.compile(r"noqa|type: *ignore|pragma: *no|mypy:|ruff:")
_EXACT = re.compile(
    r"noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[a-z, -]+\]|pragma: no (cover|branch)"
)


def in_voting(sources: list[Source]) -> list[Source]:
    """Return the files of the platform itself."""
    return [source for source in sources if source.path.parts[0] == "voting"]


def strange_names(sources: list[Source]) -> Findings:
    """Find files that a stage does not have, and names that say nothing."""
    known = stages()
    found = []
    for source in sources:
        parts = [part.removesuffix(".py") for part in source.path.parts]
        if NAMELESS & set(parts):
            found.append(f"{source.name}: a name that says nothing")
        elif source.package in known and parts[2] not in STAGE_FILES:
            found.append(f"{source.name}: not one of the files of a stage")
    return found


def stages_without_contract(sources: list[Source]) -> Findings:
    """Find packages that are stages by their files and not by the contract ``inside``."""
    known = stages()
    return [
        f"{source.name}: voting.{source.package} is missing from the contract `inside`"
        for source in in_voting(sources)
        if source.package
        and source.package not in known | NO_STAGES
        and source.path.stem in {"service", "models"}
    ]


def imports_of_an_edge(sources: list[Source]) -> Findings:
    """Find imports of views, commands, forms or jobs by anyone but the app and their own stage."""
    found = []
    for source in in_voting(sources):
        for line, name in source.imports:
            root, package, file = [*name.split("."), "", ""][:3]
            is_edge = root == "voting" and file in EDGES and package not in NO_STAGES
            if is_edge and package != source.package and source.name != "voting/app.py":
                found.append(f"{source.name}:{line}: imports {name}")
    return found


def imports_of_the_app(sources: list[Source]) -> Findings:
    """Find imports of the file that puts everything together."""
    return [
        f"{source.name}:{line}: imports {name}"
        for source in in_voting(sources)
        for line, name in source.imports
        if name.startswith("voting.app")
    ]


def hidden_imports(sources: list[Source]) -> Findings:
    """Find imports of our own code inside functions, where no contract is read at a glance."""
    found = []
    for source in in_voting(sources):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{source.name}:{line}: imports {name} inside {node.name}"
                    for line, name in imported(node)
                    if name.startswith("voting")
                ]
    return found


def unwrapped_libraries(sources: list[Source]) -> Findings:
    """Find imports of a library that only an adapter may know."""
    return [
        f"{source.name}:{line}: imports {name}"
        for source in in_voting(sources)
        for line, name in source.imports
        if name.split(".")[0] in WRAPPED and source.package != "adapters"
    ]


def builtin_round(sources: list[Source]) -> Findings:
    """Find the builtin ``round``: it rounds halves to even, and floats before that."""
    return [
        f"{source.name}: the builtin round in {table.get_name()}"
        for source in sources
        for table in _tables(symtable.symtable(source.text, source.name, "exec"))
        if _is_builtin(table, "round")
    ]


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _is_builtin(table: symtable.SymbolTable, name: str) -> bool:
    if name not in table.get_identifiers():
        return False
    symbol = table.lookup(name)
    return symbol.is_referenced() and symbol.is_global() and not symbol.is_assigned()


def commits(sources: list[Source]) -> Findings:
    """Find commits outside the one place that commits."""
    return [
        f"{source.name}:{node.lineno}: commits"
        for source in in_voting(sources)
        if source.package != "persistence"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def unreasoned_silence(sources: list[Source]) -> Findings:
    """Find comments that silence a tool without a code, or without saying why on the same line."""
    found = []
    for source in sources:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type != tokenize.COMMENT or not _DIRECTIVE.search(token.string):
                continue
            reason = _EXACT.sub("", token.string, count=1)
            if _DIRECTIVE.search(reason) or len(re.findall(r"\w+", reason)) < 2:
                found.append(f"{source.name}:{token.start[0]}: {token.string}")
    return found


def long_files(sources: list[Source]) -> Findings:
    """Find files of more than 300 lines."""
    return [
        f"{source.name}: {lines} lines"
        for source in sources
        if source.name not in ALONE and (lines := len(source.text.splitlines())) > FILE_LINES
    ]


def long_functions(sources: list[Source]) -> Findings:
    """Find functions of more than 40 lines; a journey among the tests may be as long as its story."""
    return [
        f"{source.name}:{node.lineno}: {node.name} has {lines} lines"
        for source in in_voting(sources)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
