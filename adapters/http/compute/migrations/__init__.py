"""Migrations of servers."""
