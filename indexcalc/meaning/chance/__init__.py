r"""Chance: expectations, variances and covariances as values."""
