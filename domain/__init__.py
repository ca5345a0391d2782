"""What may happen to servers and quotas, without I/O, a clock or a framework."""
