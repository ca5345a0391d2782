"""The world outside: what drives the program, and what the program drives."""
