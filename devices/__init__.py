"""Scanners, readers and printers: bytes to values and back, with a virtual twin of each."""
