"""A borrower's right of access (G9): the whole record gathered, worded, and written as PDF and JSON."""
