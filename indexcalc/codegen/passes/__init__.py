"""Passes over the intermediate program: the same results by fewer operations."""
