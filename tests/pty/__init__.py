"""The program on a pseudo-terminal, as a person sees it."""
