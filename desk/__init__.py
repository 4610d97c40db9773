"""What the desk does: one package per capability, commands and queries over the store. Knows no screen."""
