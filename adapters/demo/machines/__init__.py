"""A libvirt of one's own, and real guests on it."""
