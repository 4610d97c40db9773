"""Check-out, return, renewal."""
