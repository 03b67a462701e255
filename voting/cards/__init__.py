"""Ballot cards and posters with their QR codes."""
