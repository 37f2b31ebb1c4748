"""Steps of documents at places: shifted indices and recurrences, judged element by element at sizes of our own."""
