"""What holds for inverses, determinants and their like."""
