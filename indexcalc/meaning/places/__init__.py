"""Places below names that are no letters: those that are looked up."""
