"""Forward and backward passes in code: which parts they are, and what they give."""
