"""From programs to text: names, signatures, statements."""
