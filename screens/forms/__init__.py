"""The inbox of the website's forms (M5)."""
