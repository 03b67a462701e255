"""Reading a ``.pb`` file to the last detail, and the rules that its header may name."""
