"""What is decided, when, with how much money, by which rule; phases."""
