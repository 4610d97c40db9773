"""What the library has decided, changed by supervisors."""
