"""What the pages about paper and assisted voting send."""
