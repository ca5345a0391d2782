"""The region itself: health, lanes, read models, policy."""
