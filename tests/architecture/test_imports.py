import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import contracts
from voting.config import ROOT

# One breach of each contract: the file it is planted in, and the import.
BREACHES = {
    "path": ("areas/models.py", "import voting.rounds.models"),
    "inside": ("rounds/rules.py", "import voting.rounds.models"),
    "pure-rules": ("rounds/rules.py", "import flask"),
    "no-web-in-services": ("journal/service.py", "import voting.web.text"),
    "secrecy-of-the-table": ("ballots/models.py", "import voting.roll.models"),
    "secrecy-of-the-act": ("ballots/models.py", "import voting.journal.models"),
}


def _lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_keep_the_contracts() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_each_contract_has_a_breach_to_find() -> None:
    assert set(BREACHES) == set(contracts())


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_found(tmp_path: Path, contract: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "voting", tmp_path / "voting")
    file, breach = BREACHES[contract]
    with (tmp_path / "voting" / file).open("a") as code:
        code.write(f"\n{breach}\n")

    done = _lint(tmp_path, "--contract", contract)

    assert done.returncode == 1
    assert f"{contracts()[contract]['name']} BROKEN" in done.stdout
