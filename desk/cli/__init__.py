"""``desk`` on the command line: for IT and for timers, one module per command group (T1)."""
