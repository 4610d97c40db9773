"""What happens between a scan and its result at one counter: the queue, the session, the decisions."""
