"""Pages for anyone: home, rounds, results, notices."""
