"""What the log tells: history, changed limits, usage over time."""
