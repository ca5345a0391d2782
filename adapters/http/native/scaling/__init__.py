"""Another size for a server: plan, scale, bulk, recommend, resize."""
