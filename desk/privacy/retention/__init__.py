"""The retention clock (G6, G7): what goes when, one run a local date, and what staff and borrowers see of it."""
