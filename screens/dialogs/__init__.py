"""Dialogs. Each returns a value or nothing and does no work; whoever opened it does."""
