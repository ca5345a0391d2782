"""Limits and usage: of projects, users, the tree, the quota class."""
