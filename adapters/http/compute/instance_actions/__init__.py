"""Instance actions: what was asked of a server."""
