"""Scales for later, and the windows in which they happen."""
