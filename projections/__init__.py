"""What may be seen, one file a read model: its row, how facts change it, its queries."""
