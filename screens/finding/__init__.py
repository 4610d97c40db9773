"""Finding a borrower: F4 with no visit open, or by name in the palette."""
