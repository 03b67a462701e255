"""What is printed of paper: the ballots, covers of bundles, slips, registers and blank forms."""
