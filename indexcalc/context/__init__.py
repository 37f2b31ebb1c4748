"""What a document says of its names, before anything is judged: evidence, with its place and strength."""
