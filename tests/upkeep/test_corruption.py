"""R8 of integrity.md: a single byte that changes, in a backup or in a row, is found."""

import random

import pytest

from tests.upkeep.corrupting import undetected
from voting.upkeep.holder.copies import create_backup
from voting.upkeep.holder.restoring import restore_backup, version_wanted
from voting.upkeep.rules.refusals import BackupDamaged


def quiet(*_):
    return None


def unrefused(app, config, number, seed):
    """Return the places of a backup where a changed byte was not noticed, of so many."""
    dice, missed = random.Random(seed), []  # noqa: S311 -- to be repeated, not to be secret
    path = config.var.parent / "backup"
    with app.app_context():
        create_backup(path, wanted=version_wanted(), progress=quiet)
        content = path.read_bytes()
        damaged = path.with_name("damaged")
        for _ in range(number):
            at = dice.randrange(len(content))
            changed = bytes([content[at] ^ dice.randrange(1, 256)])
            damaged.write_bytes(content[:at] + changed + content[at + 1 :])
            try:
                restore_backup(damaged, replace=True, progress=quiet)
            except BackupDamaged:
                continue
            missed.append(at)
    return missed


def test_a_changed_byte_of_a_backup_is_refused(app, config, whole):
    assert unrefused(app, config, 20, seed=1) == []


def test_a_changed_byte_of_a_row_is_found(any_database, database, whole):
    assert undetected(database, 20, seed=2) == []


@pytest.mark.soak
def test_every_one_of_250_changed_bytes_of_a_backup_is_refused(app, config, whole):
    assert unrefused(app, config, 250, seed=3) == []


@pytest.mark.soak
def test_every_one_of_250_changed_bytes_of_rows_is_found(any_database, database, whole):
    assert undetected(database, 125, seed=4) == []
