"""What is printed of paper: ballots, covers, slips, registers, records: plain values and their layout."""
