"""Tests of back-ups and tombstones."""
