"""Widgets that hide the framework from the screens: values in, values out, every line painted by themselves."""
