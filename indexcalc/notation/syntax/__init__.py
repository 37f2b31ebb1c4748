"""Text before it is understood: statements, names, numbers, places, and syntax errors."""
