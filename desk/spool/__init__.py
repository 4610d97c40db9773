"""What is to be printed, until it has been and for a few days more (V3)."""
