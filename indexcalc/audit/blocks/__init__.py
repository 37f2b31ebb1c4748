"""Matrices of blocks: what is claimed of them is claimed of their blocks."""
