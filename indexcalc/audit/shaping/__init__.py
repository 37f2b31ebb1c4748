"""What shapes the names of a document have, as far as its formulas fit together in one way only."""
