"""What a document declares: the sheets in its fences and comments, and their checks."""
