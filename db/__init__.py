"""The store: tables, engines, the database threads, the scan queue. Knows nothing of screens or rules."""
