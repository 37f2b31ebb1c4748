"""What is known of names and why, and what would have to be declared to decide more."""
