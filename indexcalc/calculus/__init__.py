"""Differentiation: one table of scalar functions, the derivative of a term, the gradient of a sheet."""
