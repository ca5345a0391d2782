"""Servers, their actions and their metadata."""
