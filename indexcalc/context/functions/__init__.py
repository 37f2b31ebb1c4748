"""Letters before brackets: which are functions, and which of several that share a letter."""
