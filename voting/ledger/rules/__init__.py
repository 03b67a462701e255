"""The ledger's mathematics and texts: plain values, no database (docs/2_rules/ledger.md)."""
