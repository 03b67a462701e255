"""Holding everything that was frozen against itself."""

from voting.upkeep.service.checking.everything import check_everything, keep_run

__all__ = ["check_everything", "keep_run"]
