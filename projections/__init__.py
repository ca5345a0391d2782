"""What may be seen. One file a read model: its row, how facts change it, its queries."""
