"""What several commands share: the client, their options, what people see, how a command ends."""
