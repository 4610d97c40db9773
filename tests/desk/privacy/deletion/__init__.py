"""Deletion requests (G1, G2)."""
