"""What relays report: outcomes of steps, and what they observed."""
