"""One module for each target of the generated code."""
