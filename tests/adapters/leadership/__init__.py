"""Who leads the region, and who may not."""
