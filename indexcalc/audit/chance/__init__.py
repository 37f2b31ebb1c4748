"""Chance: expectations in steps, and what a document says of distributions."""
