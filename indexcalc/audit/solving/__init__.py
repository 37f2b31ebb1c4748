"""Equations that a text solves: what follows from them, and whether what is given for a letter solves them."""
