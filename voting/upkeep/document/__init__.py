"""The emergency pack: its sheets, and making it for a round of this installation."""
