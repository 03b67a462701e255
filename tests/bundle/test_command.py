import ast
import json
import subprocess
import sys

import pytest

import verify_bundle
from tests.bundle.plans import Plan
from tests.bundle.votes import make
from voting.config import ROOT

FILE = ROOT / "verify_bundle.py"
NAMES = {
    "ok", "sort", "origin", "round", "title", "size", "head", "ballots", "checks", "not_checked", "failure",
}  # fmt: skip


def _run(*arguments):
    # -I -S: no other library can be found, as on a computer with nothing but Python.
    command = [sys.executable, "-I", "-S", str(FILE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "核对包.zip"
    pieces = make(Plan(sort="monitors"), 4)
    path.write_bytes(pieces.write())
    return path, pieces.head()


def test_a_clean_bundle_ends_with_0_and_a_report_in_chinese(bundle):
    done = _run(bundle[0])
    assert done.returncode == 0
    assert done.stderr == ""
    assert "结论：查过的都对得上。" in done.stdout
    assert "这里看不出来的：" in done.stdout


def test_the_report_comes_in_english_too(bundle):
    done = _run(bundle[0], "--english", "--head", f"{bundle[1][:4].upper()} {bundle[1][4:]}")
    assert done.returncode == 0
    assert "RESULT: everything that was checked holds." in done.stdout


def test_the_answer_has_its_names(bundle):
    found = json.loads(_run(bundle[0], "--json", "--pure").stdout)
    assert set(found) == NAMES
    assert found["ok"] is True
    assert found["failure"] is None
    assert found["sort"] == "monitors"
    assert found["ballots"] == 30
    assert found["head"] == bundle[1]
    assert {frozenset(check) for check in found["checks"]} == {frozenset({"name", "ok", "detail"})}
    assert all(check["ok"] for check in found["checks"])


def test_another_head_ends_with_1_and_says_which_check(bundle):
    done = _run(bundle[0], "--json", "--head", "0123456789abcdef")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["failure"]["check"] == "head"
    assert found["ok"] is False


@pytest.mark.parametrize(
    "arguments",
    [[], ["a", "b"], ["a", "--head", "12ab"], ["a", "--head", "x" * 16], ["a", "--what"]],
    ids=["no file", "two files", "short head", "no digits", "unknown"],
)
def test_a_wrong_command_line_ends_with_2(arguments):
    done = _run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


NONSENSE = {
    "empty": b"",
    "text": "这不是核对包\n".encode(),
    "zeros": bytes(100_000),
    "a local header": b"PK\x03\x04" + bytes(26),
    "endless name": b"PK\x03\x04" + b"\xff" * 60,
    "no files": b"PK\x05\x06" + bytes(18),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_in_one_line(tmp_path, name):
    path = tmp_path / "x.zip"
    path.write_bytes(NONSENSE[name])
    done = _run(path)
    assert done.returncode == 1
    assert done.stderr == ""
    assert len([line for line in done.stdout.splitlines() if "✗" in line]) == 1


@pytest.mark.parametrize("what", ["absent", "folder", "device", "huge"])
def test_what_is_no_file_is_refused_in_one_line(tmp_path, what):
    path = {"folder": tmp_path, "device": "/dev/zero"}.get(what, tmp_path / what)
    if what == "huge":
        with path.open("wb") as file:
            file.truncate(5 << 30)
    done = _run(path, "--json")
    assert done.returncode == 1
    assert done.stderr == ""
    assert json.loads(done.stdout)["failure"]["check"] == "archive"


def test_the_verifier_stands_alone():
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(FILE.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "voting"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - {"cryptography"} <= sys.stdlib_module_names
    assert "cryptography" in imported


def test_the_library_is_asked_for_in_one_place_that_can_do_without():
    tree = ast.parse(FILE.read_text("utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("cryptography" in ast.unparse(node) for node in top)
    function = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "_library_key"
    )
    assert (
        ast.unparse(tree).count("cryptography.")
        == ast.unparse(function).count("cryptography.")
        == 1
    )
    assert any(isinstance(node, ast.Try) for node in function.body)


def test_every_check_has_words_for_the_report():
    for name in verify_bundle.CHECKS:
        assert name == "archive" or hasattr(verify_bundle.Verification, f"_check_{name}")
