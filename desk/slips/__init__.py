"""What is printed on a receipt printer: receipts, slips, the statement. What of them is a borrower's stays off them."""
