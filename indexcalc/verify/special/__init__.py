"""Special functions for the witnesses: from arithmetic alone, and with many digits."""
