"""A small Jinja environment and typefaces for tests of printed papers, without the application."""

import functools
import os
import subprocess
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from voting.adapters.fonts import FontSet, find_fonts
from voting.config import ROOT
from voting.web.filters import FILTERS


def render(template: str, **context: object) -> str:
    return _environment().get_template(template).render(**context)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters |= {function.__name__: function for function in FILTERS}
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda text: text, lambda one, many, count: one if count == 1 else many, newstyle=True
    )
    return environment


@functools.cache
def fonts() -> FontSet:
    """Return the project's typefaces; fetch them once if they are not there."""
    folder = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "fonts"
    subprocess.run([ROOT / "scripts" / "fonts.sh", folder], check=True, timeout=300)
    found = find_fonts(None, folder)
    if found.missing:
        pytest.skip(f"typefaces cannot be had on this machine: {'、'.join(found.missing)}")
    return found
