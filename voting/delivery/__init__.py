"""Funded projects: milestones, spending, photographs, progress, until they are handed over."""
