"""Benchmarks behind ``make bench``: every figure stands beside its floor, measured in the same run."""
