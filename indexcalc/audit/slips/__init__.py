"""What is wrong with a refuted step, and what would make it true."""
