"""The page of `indexcalc serve`: a sheet on the left, its derivatives on the right; and documents with verdicts."""
