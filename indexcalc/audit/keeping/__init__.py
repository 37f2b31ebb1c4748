"""Verdicts that are kept while a document changes: each under all that it may rest on."""
