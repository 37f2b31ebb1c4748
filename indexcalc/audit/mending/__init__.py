"""What the author of a wrong side may have meant to write: one slip undone in the formula as it is written."""
