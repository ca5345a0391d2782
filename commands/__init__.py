"""What may be asked. One file a command: the message, and how it is decided."""
