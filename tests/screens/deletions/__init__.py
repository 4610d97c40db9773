"""F6 and what it carries out."""
