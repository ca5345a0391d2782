"""Which process leads the region: the lock that it holds, its role, and where it answers."""
