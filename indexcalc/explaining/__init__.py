"""Derivations for people: lines that fit, and what each rule does."""
