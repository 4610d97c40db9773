"""Tests of messages to borrowers."""
