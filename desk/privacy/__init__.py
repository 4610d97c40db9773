"""What the policy promises: the map of what is held, the access log, right of access."""
