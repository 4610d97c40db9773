"""Labels with a barcode: for a borrower's card, for an item."""
