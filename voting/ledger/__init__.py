"""The public ledger of a round: what happened is appended, signed, and never changed (公开账本)."""
