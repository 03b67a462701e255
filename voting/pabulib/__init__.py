"""Other people's elections in the format of the Pabulib library: read, counted."""
