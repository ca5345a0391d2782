"""How an operation ends: reported, given up, resolved, cancelled."""
