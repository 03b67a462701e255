"""Plain functions that make valid things; each exposes the one difference a test is about."""
