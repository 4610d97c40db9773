"""Tests of borrowers."""
