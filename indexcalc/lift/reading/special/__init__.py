"""Functions of the libraries that need the reader: derivatives, random numbers, those that give no single array."""
