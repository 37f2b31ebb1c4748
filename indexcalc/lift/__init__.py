"""Array code in Python as terms: read by `ast`, never executed, and judged as any other side of an equation."""
