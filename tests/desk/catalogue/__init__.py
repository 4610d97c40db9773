"""Tests of titles and their copies (C15)."""
