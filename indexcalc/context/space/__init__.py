"""What a document shows of vectors in space: bases, elements named x, y, z, the permutation symbol, coordinates."""
