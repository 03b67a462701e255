"""The bundle: everything somebody needs to verify a round on a computer of their own."""
