"""Another size for a server: scale, resize, recommend, and what limits them."""
