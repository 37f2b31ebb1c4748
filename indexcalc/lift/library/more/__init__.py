"""Functions of arrays that few programs use, or one library alone has: their rules, and their rows of the table."""
