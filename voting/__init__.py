"""The platform: packages are the stages of a round, in the order in which data flows."""
