"""OpenStack's Keystone: whose a token is, and whether a project exists."""
