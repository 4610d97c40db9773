"""Erasure (G3, G4): one transaction, the files rewritten, and the proof that nothing is left."""
