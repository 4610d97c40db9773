"""Tests of the erasure and its proof."""
