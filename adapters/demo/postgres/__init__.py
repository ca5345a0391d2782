"""A PostgreSQL of one's own, started from its wheel."""
