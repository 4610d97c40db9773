"""The till of this counter (M7)."""
