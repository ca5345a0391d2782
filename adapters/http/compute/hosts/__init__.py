"""Hypervisors and availability zones."""
