"""Verdicts on code: against a formula, backward against forward, shapes as comments state them."""
