"""Generated code as functions that check what they are given."""
