"""A server's life over HTTP: adopted, built, described, shown, started, stopped, deleted."""
