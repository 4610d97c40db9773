"""The demo's own devices, on a key (V2): what a hand would do at the counter, without hardware."""
