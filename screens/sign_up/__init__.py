"""Creating a borrower: one page, top to bottom."""
