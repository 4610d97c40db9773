"""The borrower's page."""
