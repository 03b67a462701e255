"""What an urn holds is never all in memory: four times the ballots take no more of it."""

import pytest

from bench.opening import fill_urn, opened_apart

LEAST, MOST = 50_000, 200_000
# What four times the ballots may add: a fault that keeps 32 bytes of each would add more.
ROOM = 4_000_000


@pytest.mark.soak
def test_memory_does_not_grow_with_the_urn(tmp_path, scaled, record_property):
    peaks = []
    for amount in (scaled(LEAST), scaled(MOST)):
        var = tmp_path / str(amount)
        var.mkdir()
        url = f"sqlite:///{var / 'voting.sqlite3'}"
        said = opened_apart(url, str(var), fill_urn(url, var, amount), "4", "kept")
        assert said["ballots"] == amount
        peaks.append(said["peak"])
        record_property(f"peak memory for {amount} ballots, MB", round_mb(said["peak"]))
    assert max(peaks) <= 300_000_000
    assert peaks[1] - peaks[0] <= ROOM, peaks


def round_mb(size: int) -> str:
    return f"{size / 1e6:.1f}"
