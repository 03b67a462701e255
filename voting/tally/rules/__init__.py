"""The rules of counting, in prose in docs/2_rules/counting.md: whole numbers only, no side effects."""
