"""Tests of staff accounts."""
