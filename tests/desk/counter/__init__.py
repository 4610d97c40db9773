"""Tests of the work of a counter."""
