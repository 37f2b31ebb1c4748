"""Code that stands beside formulas: what it gives the names that both have, and the derivatives that it compares."""
