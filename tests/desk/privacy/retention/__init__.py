"""What goes, when, and what keeps it (G6, G7)."""
