"""Where servers run: hosts, their pools, server groups, and the choice of a host."""
