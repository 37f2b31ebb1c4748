"""Contractions that a library has a convolution for: which are, and the code for them."""
