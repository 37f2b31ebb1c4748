"""Documents: what is claimed in them, and a verdict for each claim."""
