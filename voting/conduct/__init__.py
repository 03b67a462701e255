"""Moves a round between its phases: collects every stage's conditions and effects."""
