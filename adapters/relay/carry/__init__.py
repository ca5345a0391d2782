"""Carrying one message to its hypervisor, and reading back what became of it."""
