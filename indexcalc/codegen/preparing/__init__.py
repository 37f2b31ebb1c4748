"""Terms made ready to be programmed: structure, stable forms, guards."""
