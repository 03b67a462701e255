"""Spot checks (抽查): test cards whose ballots are known, and calls to people marked as having voted."""
