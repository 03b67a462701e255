"""Work of the upkeep on this installation: its database, its files, its keys."""
