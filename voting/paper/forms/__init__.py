"""What the pages about paper send."""
