"""The relay: carries what the outbox asks to the hypervisors, and their answers back."""
