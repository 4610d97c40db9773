"""F6: deletion requests."""
