"""Where servers run: hosts and server groups."""
