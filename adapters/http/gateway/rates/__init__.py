"""How much each tenant may ask for in a time, and how that is told."""
