"""On what it hangs that a step holds."""
