"""The LaTeX dialect: from what is written to the tree that both dialects share."""
