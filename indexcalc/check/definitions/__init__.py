"""What a document defines and assumes in its formulas."""
