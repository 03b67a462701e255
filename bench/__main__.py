"""``python -m bench``: prints the figures, each with its floor of the same run, and writes var/bench.json."""

import argparse
import contextlib
import json
import logging
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.cards import issue_cards, render_sheets
from bench.counting import count_ballots
from bench.ledger import sign_ledger
from bench.opening import open_many
from bench.profiling import profile_voters
from bench.servers import compare_servers
from bench.shares import count_a_million, share_equally
from bench.voters import measure_voters
from tests.postgres import private_cluster
from voting.config import ROOT

Measure = Callable[[str, Path, int], dict[str, Any]]


def main() -> None:
    """Measure everything, or what was named."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "only",
        nargs="*",
        help="voters, issue, sheets, count, open, million, shares, ledger, profile, servers",
    )
    parser.add_argument("--voters", type=int, default=1500, help="voters of each walk")
    parser.add_argument("--cards", type=int, default=5000, help="cards to issue")
    parser.add_argument("--sheets", type=int, default=60, help="sheets to render")
    parser.add_argument(
        "--ballots", type=int, default=100_000, help="ballots to count, to open, and to sign"
    )
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    wanted: dict[str, tuple[Measure, int]] = {
        "voters": (measure_voters, asked.voters),
        "issue": (issue_cards, asked.cards),
        "sheets": (render_sheets, asked.sheets),
        "count": (count_ballots, asked.ballots),
        "open": (open_many, asked.ballots),
        "million": (count_a_million, asked.ballots * 10),
        "shares": (share_equally, 0),
        "ledger": (sign_ledger, asked.ballots),
        "profile": (profile_voters, min(asked.voters, 400)),
        "servers": (compare_servers, asked.voters),
    }
    figures: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()}
    }
    for kind in ("postgresql", "sqlite"):
        with _database(kind) as (url, var):
            for name, (measure, amount) in wanted.items():
                if asked.only and name not in asked.only:
                    continue
                # Sheets and shares touch no database; servers are compared only when asked for.
                if kind == "sqlite" and name in {"sheets", "servers", "shares"}:
                    continue
                if name == "servers" and name not in asked.only:
                    continue
                figures[f"{name} {kind}"] = found = measure(url, var, amount)
                print(f"{name} on {kind}")
                for label, value in found.items():
                    print(f"    {label:<46} {value}")
    _keep(figures)


@contextlib.contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="voting-bench-") as folder:
        var = Path(folder)
        if kind == "sqlite":
            yield f"sqlite:///{var / 'voting.sqlite3'}", var
            return
        # Durable: a vote that is acknowledged must be on the disk, here as in a street.
        with private_cluster(durable=True) as cluster:
            yield cluster.url(cluster.create()), var


def _keep(figures: dict[str, Any]) -> None:
    path = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(kept | figures, indent=2, ensure_ascii=False))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
