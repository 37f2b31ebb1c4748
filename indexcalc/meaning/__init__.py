"""What formulas mean: from what is written, in the light of what is known of the names, to terms."""
