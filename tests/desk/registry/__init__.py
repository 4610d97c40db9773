"""Imports, sample, demo, and making a home ready."""
