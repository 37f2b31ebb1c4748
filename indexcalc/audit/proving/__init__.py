"""Is left = right? Normal forms first, then samples, then rational functions."""
