"""The documentation: its reference pages made from the code, its examples and links tested."""
