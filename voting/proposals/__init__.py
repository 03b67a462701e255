"""Proposals and the candidates made of them."""
