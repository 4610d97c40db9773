"""Reservations (R6): the queue of a title, what is trapped for whom, and the pickup shelf."""
