"""What a backup says of itself, what a check finds, when something is due: plain values."""
