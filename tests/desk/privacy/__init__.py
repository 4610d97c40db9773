"""The access log, the data map, right of access."""
