"""Numbers and stores a paper, as issued, never changed."""
