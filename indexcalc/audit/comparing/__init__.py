"""Comparing two sides, on the grounds that a document gives."""
