"""The library's own data: branches, counters, groups and rules; imports, samples and the demo."""
