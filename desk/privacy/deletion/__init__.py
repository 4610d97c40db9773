"""Deletion requests (G1, G2), from the counter to the approval. The erasure itself is :mod:`desk.privacy.erasure`."""
