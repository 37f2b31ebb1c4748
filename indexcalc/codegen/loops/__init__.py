"""Programs as loops over elements, for targets that compile."""
