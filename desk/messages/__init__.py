"""Messages to borrowers: what is told, over which channel, and handing it over."""
