"""The demo set, made of real facts."""
