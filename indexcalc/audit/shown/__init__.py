"""What a text shows without saying it."""
