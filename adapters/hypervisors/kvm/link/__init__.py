"""How one KVM host is reached: connections, calls with deadlines, their errors, its events."""
