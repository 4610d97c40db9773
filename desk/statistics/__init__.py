"""Figures without persons: counted as things happen, shown with small ones left out (G10)."""
