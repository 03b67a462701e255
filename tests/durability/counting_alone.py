"""Counts one round in a process of its own, to be killed: ``python -m tests.durability.counting_alone``.

Arguments: the round, a file to which every seal that is opened adds a byte, and how many ballots are opened
together. The settings are those of a server.
"""

import os
import sys
import time
from unittest import mock

from flask import Flask
from flask.cli import ScriptInfo

from voting.adapters import sealing, unsealing, unsealing_child
from voting.app import create_app
from voting.tally.service import entries

_SLOW = 0.001
CHILD = "tests.durability.counting_alone"


def noting(path: str) -> None:
    """Let every seal that is opened in this process add a byte to a file, and take a little longer."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def noted(private: bytes, sealed: bytes, info: bytes) -> bytes:
        os.write(file, b".")
        time.sleep(_SLOW)
        return sealing.unseal(private, sealed, info)

    for module in (unsealing_child, unsealing):
        mock.patch.object(module, "unseal", noted).start()


def count(app: Flask, round_id: str) -> None:
    """Count as an administrator does at the command line, and print the outcome."""
    command = ["tally", "count", round_id, "--json"]
    app.cli.main(command, prog_name="flask", obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    if sys.argv[1] == "child":
        noting(sys.argv[2])
        unsealing_child.main()
    else:
        asked, notes, batch = sys.argv[1:]
        noting(notes)
        unsealing.COMMAND = (sys.executable, "-m", CHILD, "child", notes)
        entries._BATCH = int(batch)
        unsealing._FEW = 1
        count(create_app(), asked)
