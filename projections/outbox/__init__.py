"""What hypervisors are asked, and how relays take it: the outbox and its lanes."""
