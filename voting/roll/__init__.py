"""Electors, eligibility, and the register of rights used."""
