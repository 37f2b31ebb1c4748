"""What a document says, in its order: rows, statements, prose."""
