"""Borrowers, their cards and blocks."""
