"""Where servers run: hosts, their pools, groups of servers, and the choice of a host."""
