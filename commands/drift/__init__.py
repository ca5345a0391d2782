"""What somebody else did to a server: observed, adopted, undone."""
