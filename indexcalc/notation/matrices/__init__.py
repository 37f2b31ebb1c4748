"""Matrix notation: what is written without indices, and the formulas with indices that it stands for."""
