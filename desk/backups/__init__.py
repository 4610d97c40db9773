"""Back-ups that do not bring the erased back (G5): made, remembered, expired, restored."""
