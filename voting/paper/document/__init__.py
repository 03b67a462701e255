"""What is printed about paper: plain values and their layout."""
