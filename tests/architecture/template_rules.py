"""Conventions of the templates. Each check returns what it finds."""

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

from tests.architecture.sources import Source

Findings = list[str]

FILE_LINES = 120

_JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_CHINESE = re.compile(r"[\u3400-\u9fff]")

_UNSAFE = re.compile(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\b")
_INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"'{]|javascript:",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"<(?:script|link|img|iframe|source|form)\b[^>]*\b(?:src|href|action)=[\"'](?:https?:)?//",
    re.IGNORECASE,
)
_FORMATTED = re.compile(r"\|\s*(?:round|float|format|filesizeformat)\b|%\.\d+f|\.strftime\(")


def parse(source: Source) -> nodes.Template:
    """Return the template as Jinja sees it."""
    return _JINJA.parse(source.text, source.name)


def _matches(sources: list[Source], pattern: re.Pattern[str]) -> Findings:
    found = []
    for source in sources:
        # A comment keeps its lines, so that the numbers stay right.
        text = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source.text)
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{source.name}:{line}: {match.group().strip()}")
    return found


def unescaped(sources: list[Source]) -> Findings:
    """Find places where text would reach the page as markup."""
    return _matches(sources, _UNSAFE)


def inline_code(sources: list[Source]) -> Findings:
    """Find style and script inside the page: the content security policy blocks them."""
    return _matches(sources, _INLINE)


def other_hosts(sources: list[Source]) -> Findings:
    """Find parts of a page that would come from another host."""
    return _matches(sources, _FOREIGN)


def own_formatting(sources: list[Source]) -> Findings:
    """Find numbers and times formatted by anything but our filters, which are exact."""
    return _matches(sources, _FORMATTED)


def long_templates(sources: list[Source]) -> Findings:
    """Find templates of more than 120 lines."""
    return [
        f"{source.name}: {lines} lines"
        for source in sources
        if (lines := len(source.text.splitlines())) > FILE_LINES
    ]


def untranslated(sources: list[Source]) -> Findings:
    """Find Chinese text that no other language could replace: it stands outside gettext."""
    return [
        f"{source.name}:{data.lineno}: {data.data.strip()[:60]}"
        for source in sources
        for data in parse(source).find_all(nodes.TemplateData)
        if _CHINESE.search(data.data)
    ]


def _imported(tree: nodes.Template) -> Iterator[tuple[str, str, str]]:
    for node in tree.find_all(nodes.FromImport):
        template = node.template.value if isinstance(node.template, nodes.Const) else ""
        for name in node.names:
            macro, alias = name if isinstance(name, tuple) else (name, name)
            yield template, macro, alias
    for module in tree.find_all(nodes.Import):
        yield "", "", module.target


def unused_imports(sources: list[Source]) -> Findings:
    """Find macros that a template imports and does not use."""
    found = []
    for source in sources:
        tree = parse(source)
        used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
        found += [
            f"{source.name}: {alias} is imported and not used"
            for _, _, alias in _imported(tree)
            if alias not in used
        ]
    return found


def unknown_macros(sources: list[Source]) -> Findings:
    """Find imports of macros that do not exist: Jinja would tell only when the page is asked for."""
    macros = {
        source.name.removeprefix("templates/"): {
            node.name for node in parse(source).find_all(nodes.Macro)
        }
        for source in sources
    }
    return [
        f"{source.name}: {template} has no {macro}"
        for source in sources
        for template, macro, _ in _imported(parse(source))
        if macro and macro not in macros.get(template, set())
    ]


def unused_macros(sources: list[Source]) -> Findings:
    """Find macros that nobody uses."""
    wanted = {
        name
        for source in sources
        for tree in [parse(source)]
        for name in [
            *(macro for _, macro, _ in _imported(tree)),
            *(node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"),
            *(node.attr for node in tree.find_all(nodes.Getattr)),
        ]
    }
    return [
        f"{source.name}: nobody uses {macro.name}"
        for source in sources
        for macro in parse(source).find_all(nodes.Macro)
        if macro.name not in wanted
    ]
