"""States of a project and the steps between them, milestones and money: plain values, no database."""
