"""Watching hosts for what others do to their servers."""
