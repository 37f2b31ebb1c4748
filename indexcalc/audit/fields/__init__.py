"""What a text leaves open about fields."""
