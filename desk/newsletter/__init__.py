"""The newsletter: a list of its own, not linked to any borrower, and the mailings to it (P12, M4)."""
