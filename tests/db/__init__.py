"""Tests of the store and the queue."""
