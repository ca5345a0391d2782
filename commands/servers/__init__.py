"""A server's life: adopted, built, described, started, stopped, deleted."""
