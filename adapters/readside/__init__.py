"""The read models: answered from memory, kept in tables, rebuilt from the log."""
