"""Shifted places, recurrences and what stands outside: the rule for where letters run and what may be read."""
