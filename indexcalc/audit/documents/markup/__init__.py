"""Documents in the markup of Typst and of Org."""
