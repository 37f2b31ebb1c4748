"""The code of a document against its formulas: what is judged, and by what."""
