"""Symbolic arrays: a term along named axes, and what indexing, products and broadcasting make of them."""
