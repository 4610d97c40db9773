"""The widgets, each alone on a stage of its own."""
