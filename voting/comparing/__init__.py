"""What other rules would have given for the same votes, and how few votes would have changed the outcome."""
