"""The website's forms (P13, M5): they come in as JSON, lie sealed in an inbox, and are gone once they are handled."""
