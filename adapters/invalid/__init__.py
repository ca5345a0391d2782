"""What is wrong with a value that was given, in words: where, what it is, what it must be."""
