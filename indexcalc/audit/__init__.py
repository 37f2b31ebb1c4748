"""Checking documents: what is stated, and whether it is right."""
