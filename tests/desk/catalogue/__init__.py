"""Titles and copies at the desk (C15)."""
