"""Routes compiled once a run: each test has an app of its own, and 240 rules take half of its time."""

from typing import Any

from werkzeug.routing import Rule

_builders: dict[tuple[object, ...], Any] = {}
_compile = Rule._compile_builder


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    # What is compiled takes the rule as an argument: it depends on the rule's text and nothing else.
    key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compile_once  # type: ignore[assignment]  # a function of ours for its method
