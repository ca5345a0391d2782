"""Where servers may run: hosts, their terms, the region's policy, server groups."""
