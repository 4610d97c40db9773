"""Screens under the pilot."""
