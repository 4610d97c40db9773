"""F2 check-out and F3 return: the queue and the pile."""
