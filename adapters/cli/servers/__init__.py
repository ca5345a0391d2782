"""ullage adopt and ullage server: a server's life."""
