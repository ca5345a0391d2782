"""The log on PostgreSQL, through the eventsourcing library's contracts."""
