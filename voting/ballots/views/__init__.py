"""Voting on the telephone: scan, choose, confirm, receipt. No account, no script."""

from voting.ballots.views import choosing, receipts, scanning
from voting.ballots.views.paper import bp

__all__ = ["bp", "choosing", "receipts", "scanning"]
