"""What libvirt says of a domain and a host, and how a domain is defined."""
