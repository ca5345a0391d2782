"""Quota sets, quota classes, limits, simple tenant usage."""
