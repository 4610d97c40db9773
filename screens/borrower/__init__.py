"""F4: the borrower whose visit is open."""
