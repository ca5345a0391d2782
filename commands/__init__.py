"""What may be asked, one file a command: the message, and how it is decided."""
