"""Files as text in pieces: Markdown, LaTeX, notebooks and flattened notebooks."""
