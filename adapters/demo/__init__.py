"""A region to try: an embedded PostgreSQL, a libvirt of its own, a real Linux guest."""
