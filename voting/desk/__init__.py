"""Pages for officers that look at the whole."""
