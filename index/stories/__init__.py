"""Which articles tell of the same event, found as they come."""
