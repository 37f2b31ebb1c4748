"""Cells of sheets and documents: `%load_ext indexcalc`, then `%%indexcalc` and `%%indexcalc check`."""
