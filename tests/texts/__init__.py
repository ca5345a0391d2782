"""Texts that people read, approved as they stand: a change of words shows in a review."""
