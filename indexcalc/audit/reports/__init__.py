"""What came of checking, for people and for programs."""
