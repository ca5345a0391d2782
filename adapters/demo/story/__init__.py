"""The story that the demo tells, act by act."""
