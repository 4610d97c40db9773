"""Titles and their copies: found, shown, and given a status (C15)."""
