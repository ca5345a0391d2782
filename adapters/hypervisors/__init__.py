"""Hypervisor drivers: how each kind reads and changes the size of a running server."""
