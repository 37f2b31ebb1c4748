"""What stands around a formula: the sheets of a document, and what its prose says."""
