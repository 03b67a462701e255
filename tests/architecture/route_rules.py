"""Conventions of the addresses. Each check returns what it finds."""

import re

from flask import Flask
from werkzeug.routing import PathConverter, Rule, UnicodeConverter

Findings = list[str]

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
_VARIABLE = re.compile(r"<[^>]+>")

# Addresses of cards and receipts, once more in capitals: QR codes hold capitals in fewer points.
_CAPITALS = {"B", "C", "RECEIPTS"}
# What is not an id: a secret, a number printed on paper, a file, a word from a short list.
_WORDS = {"token", "code", "number", "filename", "kind"}


def _ours(app: Flask) -> list[Rule]:
    # `static` is Flask's own, `bootstrap` the desk's library; both only serve files.
    return [
        rule
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.endswith("static") and not rule.endpoint.startswith("bootstrap.")
    ]


def _methods(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}


def undeclared(app: Flask) -> Findings:
    """Find routes that do not say who may use them."""
    return [
        f"{rule.rule} declares no access"
        for rule in app.url_map.iter_rules()
        if not getattr(app.view_functions[rule.endpoint], "__access__", None)
    ]


def not_kebab_case(app: Flask) -> Findings:
    """Find addresses with capitals, underscores or a stray mark."""
    found = []
    for rule in _ours(app):
        plain = _VARIABLE.sub("x", rule.rule)
        parts = [part for part in plain.strip("/").split("/") if part]
        if any(not _KEBAB.fullmatch(part) and part not in _CAPITALS for part in parts):
            found.append(f"{rule.rule} is not in kebab-case")
    return found


def untyped_ids(app: Flask) -> Findings:
    """Find variables that take any text although they are ids."""
    return [
        f"{rule.rule}: {name} takes any text"
        for rule in _ours(app)
        for name, converter in sorted(rule._converters.items())
        if type(converter) in {UnicodeConverter, PathConverter} and name not in _WORDS
    ]


def mixed_methods(app: Flask) -> Findings:
    """Find views that both show and do, and views that do without saying so in their name."""
    found = []
    for rule in _ours(app):
        methods = _methods(rule)
        if "GET" in methods and methods != {"GET"}:
            found.append(f"{rule.endpoint} answers {', '.join(sorted(methods))}")
        if "GET" not in methods and not rule.endpoint.endswith("_submit"):
            found.append(f"{rule.endpoint} does something and is not named {rule.endpoint}_submit")
    return found
