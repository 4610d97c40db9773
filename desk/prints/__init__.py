"""What is printed for a borrower or about an erasure: the PDF, and the files it lies in until it is handed over."""
