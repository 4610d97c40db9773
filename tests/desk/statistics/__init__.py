"""Money: fees, payments, the till."""
