"""Scales for later, and maintenance windows."""
