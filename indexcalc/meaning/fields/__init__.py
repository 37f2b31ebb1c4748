"""Vectors in space and fields: cross products, determinants with a row of vectors, the operators of nabla."""
