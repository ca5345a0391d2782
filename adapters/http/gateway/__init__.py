"""What every request passes before its dialect's handler, and what every dialect may use."""
