"""F5: the lists of a branch, one module a list."""
