"""Tests of the website's forms."""
