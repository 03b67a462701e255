"""Polling places: where people vote and collect ballots, who is on duty there, the screen on the table."""
