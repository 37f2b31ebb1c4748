"""Terms on the page, in both dialects."""
