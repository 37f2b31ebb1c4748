"""Reading LaTeX: text to formulas, total: every text gives one."""
