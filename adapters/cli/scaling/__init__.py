"""ullage plan, scale and what scales later, many, or by recommendation."""
