"""Limits: of projects, of their users, of their tree, and of everybody who has none."""
