"""Rewriting: from a derivative full of deltas to the form that a person would write."""
