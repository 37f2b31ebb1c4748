"""Code: a program of array operations for a term, and its text for each target."""
