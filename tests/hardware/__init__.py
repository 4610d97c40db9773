"""The readers on the real PC/SC stack: Debian's pcscd, its library, and a virtual card in a virtual reader."""
