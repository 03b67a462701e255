"""The declared outcome, and the paper that says it."""
