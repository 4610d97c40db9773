"""Numbered scripts that playhouse.migrations runs, oldest first."""
