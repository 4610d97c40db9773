"""F7: what the library has decided, in rooms that one key reaches."""
