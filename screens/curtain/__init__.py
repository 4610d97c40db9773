"""F9: the privacy curtain, and the lock."""
