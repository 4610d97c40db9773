"""The program on a pseudo-terminal."""
