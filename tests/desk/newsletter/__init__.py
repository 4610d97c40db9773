"""The newsletter: its list, its text, its mailings."""
