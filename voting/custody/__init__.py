"""Who holds what can open an urn: sheets of monitors, recovery sets, and the end of the key."""
