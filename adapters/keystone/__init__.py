"""OpenStack's Keystone: whose token is it, and is there such a project."""
