"""What a comparison says: plain values."""
