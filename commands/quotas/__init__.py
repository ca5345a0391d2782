"""Limits: of projects, their users, their tree, and of everybody who has none."""
