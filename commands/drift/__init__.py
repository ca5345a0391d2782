"""Changes made to servers past this program: observed, adopted, undone."""
