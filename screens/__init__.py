"""The counter on a terminal: one folder a mode, dialogs that return a command or nothing, widgets that paint."""
