"""The database: base, types, sessions and migrations."""
