"""Text in, text out: the readers and the writers of both dialects."""
