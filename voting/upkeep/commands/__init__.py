"""Commands for whoever keeps the platform running."""
