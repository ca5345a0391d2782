"""What handlers work with: a clock and ids, reads, the outbox, hypervisors; each by its type."""
