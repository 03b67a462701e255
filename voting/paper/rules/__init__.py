"""What is printed on a paper and in which order: plain Python."""
