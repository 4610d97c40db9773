"""Contactless cards and single tags on PC/SC readers: answers to values, and the thread that watches them (V1)."""
