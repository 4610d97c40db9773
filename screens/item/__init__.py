"""A title and its copies (C15)."""
