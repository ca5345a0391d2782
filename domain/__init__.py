"""What may happen to servers and quotas. No I/O, no clock, no framework."""
