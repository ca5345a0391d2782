"""Which process leads the region, and where it answers."""
