import pytest

from tests.architecture import python_rules as rules
from tests.architecture.planting import Check, Planted, cases, named
from tests.architecture.sources import Source, python

_LONG = "\n".join(f"x{number} = {number}" for number in range(301))
_LONG_FUNCTION = "def f():\n" + "    pass\n" * 40

# Every check, with the faults it must find when they are planted: path and text of a file.
PLANTED: Planted = {
    rules.strange_names: [
        ("voting/ballots/utils.py", ""),
        ("voting/web/helpers.py", ""),
        ("voting/ballots/counting.py", ""),
    ],
    rules.stages_without_contract: [("voting/gifts/service.py", "")],
    rules.imports_of_an_edge: [
        ("voting/cards/service.py", "import voting.rounds.views"),
        ("voting/cards/views.py", "from voting.rounds.views import show"),
        ("voting/desk/views.py", "from voting.rounds import forms"),
        ("voting/schema.py", "from voting.rounds.commands import group"),
    ],
    rules.imports_of_the_app: [("voting/cards/service.py", "from voting.app import create_app")],
    rules.hidden_imports: [
        ("voting/cards/service.py", "def f():\n    from voting.roll import models"),
        ("voting/cards/views.py", "class V:\n    def f(self):\n        import voting.roll"),
    ],
    rules.unwrapped_libraries: [
        ("voting/cards/document.py", "import qrcode"),
        ("voting/ballots/service.py", "from cryptography.hazmat.primitives import hashes"),
        ("voting/web/charts.py", "def draw():\n    import pygal"),
    ],
    rules.builtin_round: [
        ("voting/results/rules.py", "def share(a, b):\n    return round(a / b, 1)"),
        ("voting/results/rules.py", "SHARES = list(map(round, [0.5]))"),
        ("tests/results/test_rules.py", "def test_it():\n    assert [round(x) for x in (1,)]"),
    ],
    rules.commits: [("voting/cards/service.py", "def f(session):\n    session.commit()")],
    rules.unreasoned_silence: [
        ("voting/a.py", "x = 1  # noqa"),
        ("voting/a.py", "x = 1  # noqa: E501"),
        ("voting/a.py", "x = 1  # type: ignore"),
        ("voting/a.py", "x = 1  # type: ignore[misc]"),
        ("voting/a.py", "x = 1  # type: ignore  # no code is named here"),
        ("voting/a.py", "x = 1  # pragma: no cover"),
    ],
    rules.long_files: [("voting/a.py", _LONG)],
    rules.long_functions: [("voting/a.py", _LONG_FUNCTION)],
}

INNOCENT: Planted = {
    rules.imports_of_an_edge: [
        ("voting/app.py", "from voting.cards import views"),
        ("voting/cards/views.py", "from voting.cards.forms import Batch"),
    ],
    rules.hidden_imports: [("voting/adapters/pdf.py", "def f():\n    import weasyprint")],
    rules.builtin_round: [("voting/rounds/views.py", "def show(round):\n    return round.title")],
    rules.unreasoned_silence: [
        ("voting/a.py", "x = 1  # noqa: S603 -- our own program"),
        ("voting/a.py", "x = 1  # type: ignore[misc]  # Any in Flask"),
    ],
    rules.long_files: [("voting/a.py", "x = 1\n" * 300)],
    rules.long_functions: [("voting/a.py", "def f():\n" + "    pass\n" * 39)],
}


@pytest.mark.parametrize("check", named(PLANTED))
def test_the_code_keeps_its_conventions(check: Check) -> None:
    found = check(python())
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("check", "source"), cases(PLANTED))
def test_a_planted_fault_is_found(check: Check, source: Source) -> None:
    assert len(check([source])) == 1


@pytest.mark.parametrize(("check", "source"), cases(INNOCENT))
def test_what_only_looks_like_a_fault_is_let_be(check: Check, source: Source) -> None:
    assert check([source]) == []
