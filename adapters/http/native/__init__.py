"""The native API under /v1: its routes by subject, its problems, fields and pages."""
