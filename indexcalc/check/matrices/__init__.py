"""Matrix notation as index notation, and matrices of numbers."""
