"""The intermediate program: array operations in the order in which they are done."""
