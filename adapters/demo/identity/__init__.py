"""A genuine Keystone of one's own, and the people that it knows."""
